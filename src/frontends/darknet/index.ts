import type { FrontEnd, ModelFile, Source } from '../frontend'
import { buildNetwork } from './build'
import { completeCfg } from './completion'
import { typeOf } from './layers'
import { NETWORK_NAMES } from './network'
import { outlineOf } from './outline'
import { remarks } from './remarks'
import { rewriteSection } from './rewrite'
import { parseCfg, type Section } from './syntax'

/** Darknet's cfg files: `[net]` and, section by section, the layers. */
export const darknet: FrontEnd = {
  format: 'darknet',
  detect,
  open,
  complete: completeCfg,
  supported: () => [{ title: 'sections', names: [...typeOf.keys()] }],
}

function open(source: Source): ModelFile {
  const { text } = source
  const cfg = parseCfg(text)
  const sections = cfg.sections.filter(isSection)
  const [first] = sections
  const name = source.name.replace(/\.[^.]*$/, '')
  return {
    format: 'darknet',
    models: first ? [{ name, aliases: [], span: first.header }] : [],
    defaultModel: first ? name : undefined,
    problems: [...cfg.problems, ...remarks(sections)],
    outline: () => outlineOf(sections),
    build: options => buildNetwork(sections, text, options),
    rewrite: request => rewriteSection(sections, text, request),
  }
}

/** A header that is being typed, `[con` above the next section, is no layer yet: the hints below it stay. */
const isSection = ({ closed, name, options }: Section): boolean =>
  closed || options.length > 0 || NETWORK_NAMES.includes(name) || typeOf.has(name)

/** How much of a text decides: a network says [net] and its first layer early. */
const LOOK = 20_000

/**
 * `[net]` beside a layer that only Darknet has, or with the sizes of an image in a cfg file: other programs have sections
 * called net or network too.
 */
function detect({ name, text, languageId }: Source): boolean {
  const headers = [...text.slice(0, LOOK).matchAll(/^[\uFEFF \t]*\[([^\]\r\n]*)\]?/gm)].map(match => match[1]!.trim())
  const [first] = headers
  if (first === undefined) return false
  if (languageId === 'darknet-cfg' && isBeginning(first)) return true
  if (headers.some(header => TELLING.has(header)) && (NETWORK_NAMES.includes(first) || isCfg(name))) return true
  return NETWORK_NAMES.includes(first) && isCfg(name) && SIZES.test(text.slice(0, LOOK))
}

/** A first header that may become [net]; a file's name alone makes it no network. */
const isBeginning = (header: string): boolean => NETWORK_NAMES.some(name => name.startsWith(header))

/** What only a network's [net] has. */
const SIZES = /^[ \t]*(width|height|channels|inputs|subdivisions|batch)[ \t]*=/m

/** Names of layers that no other program's sections have. */
const TELLING: ReadonlySet<string> = new Set([
  'convolutional',
  'maxpool',
  'avgpool',
  'yolo',
  'Gaussian_yolo',
  'connected',
  'rnn',
  'gru',
  'lstm',
  'crnn',
])

const isCfg = (name: string): boolean => /\.cfg$/i.test(name)
