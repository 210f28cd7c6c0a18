import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Candidate, candidates, type Group, type Held, widthFor } from '../../src/advisor/candidates'
import { devices } from '../../src/advisor/devices'
import type { FormName } from '../../src/advisor/forms'
import { type Between, planOf } from '../../src/advisor/plan'
import { type Analysis, analyze, type ModelAnalysis } from '../../src/analysis/analyze'
import { applyEdits } from '../../src/analysis/edits'
import { verify } from '../../src/analysis/verify'
import type { Node } from '../../src/core/graph'
import type { Convolution } from '../../src/core/ops/convolution'
import type { RewriteRequest } from '../../src/core/rewrite'
import { formatShape } from '../../src/core/shape'

export const FORMS: readonly FormName[] = ['reduce', 'bottleneck', 'expand', 'separable']
export const BETWEENS: readonly Between[] = ['nothing', 'norm']

export interface Asked {
  readonly form: FormName
  readonly between: Between
  readonly ratio?: number
  /** One width for all. */
  readonly width?: number
  readonly multiple?: number
}

/** A text as it is written and as it stands after a rewriting was tried on it; or the sentence that refuses it. */
export type Outcome =
  | { readonly refused: string }
  | { readonly after: string; readonly width: string; readonly differs: string | null; readonly model: ModelAnalysis }

export interface Opened {
  readonly analysis: Analysis
  readonly model: ModelAnalysis
  /** All places with k×k convolutions that have more than one channel a group. */
  readonly groups: readonly Group[]
}

export function opened(text: string, name: string, model?: string): Opened {
  const analysis = analyze({ uri: `file:///${name}`, name, text }, model === undefined ? {} : { model })
  const built = analysis?.model()
  if (!analysis || !built) throw new Error(`${name} defines no model`)
  const found = candidates(built.graph, { form: 'reduce', device: devices[0]! })
  const held = (group: Candidate | Held): boolean =>
    'reason' in group && ['unknown', 'linear', 'transposed', 'pointwise', 'depthwise'].includes(group.reason)
  const groups: Group[] = [...found.candidates, ...found.held].filter(group => !held(group))
  return { analysis, model: built, groups }
}

/** Asks the front end for a rewriting of a place, makes its edits, and reads the text that they give. */
export function rewritten({ analysis, model }: Opened, { site, nodes }: Group, asked: Asked): Outcome {
  const { form, between, ratio = 4, width, multiple = 8 } = asked
  const each = nodes.map(node => widthFor((node.attributes as unknown as Convolution).inChannels!, asked))
  const rule = width === undefined ? { rule: { ratio, multiple } } : {}
  const request: RewriteRequest = {
    site,
    nodes,
    steps: planOf(form, between),
    width: form === 'separable' ? { each: null } : { each, ...rule },
  }
  const attempts = analysis.file.rewrite!(request, { model: model.name, inputs: [] })
  if ('refused' in attempts) return attempts
  for (const { edits, width } of attempts) {
    edits.reduce((end, { span }) => {
      if (span.start < end || span.end < span.start) throw new Error('Edits overlap or are out of order.')
      return span.end
    }, 0)
    const after = applyEdits(analysis.source.text, edits)
    const edited = analyze({ ...analysis.source, text: after }, { model: model.name })?.model()
    if (!edited) throw new Error(`The edited text defines no ${model.name}.`)
    const verified = verify(model, edited, request)
    return { after, width, differs: 'differs' in verified ? verified.differs : null, model: edited }
  }
  throw new Error('Neither an attempt nor a reason.')
}

/** Rewrites the convolution of a path and gives the text after it, or the reason against it. */
export function textAfter(text: string, path: string, asked: Asked, name: string, model?: string): string {
  const file = opened(text, name, model)
  const group = file.groups.find(({ paths }) => paths.includes(path))
  if (!group) throw new Error(`No k×k convolution ${path} in ${file.groups.map(g => g.paths.join(' ')).join(', ')}`)
  const outcome = rewritten(file, group, asked)
  if ('refused' in outcome) return outcome.refused
  if (outcome.differs !== null) throw new Error(`${outcome.differs}\n${outcome.after}`)
  return outcome.after
}

/** `conv2d 64→16 1×1` a convolution, else the op with its output: what a reader would list of a model. */
export const layersOf = ({ graph }: ModelAnalysis): string[] => graph.nodes.map(layerOf)

function layerOf({ op, attributes, outputs }: Node): string {
  const shape = formatShape(outputs[0]?.shape ?? null)
  if (!op.startsWith('conv')) return `${op} ${shape}`
  const { inChannels, outChannels, kernel, groups } = attributes as unknown as Convolution
  return `${op} ${inChannels}→${outChannels} ${kernel.join('×')}${groups === 1 ? '' : ` in ${groups} groups`} ${shape}`
}

/** Every file of a folder, and those below, whose name ends so; none where the folder is absent. */
export function filesOf(folder: URL, ending: RegExp): { name: string; text: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => ending.test(name))
    .sort()
    .map(name => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
}

/** From this many places on, each is tried with one form and one way between in turn, and not with all of them. */
const MANY = 24

/** What became of every place of a file with every form and both ways between. */
export function everyRewriting(
  text: string,
  name: string,
  many = MANY,
): { wrong: string[]; done: number; refused: Map<string, number> } {
  const wrong: string[] = []
  const refused = new Map<string, number>()
  let done = 0
  const analysis = analyze({ uri: `file:///${name}`, name, text })
  if (!analysis?.model()) return { wrong, done, refused }
  const file = opened(text, name)
  for (const [i, group] of file.groups.entries()) {
    for (const [j, form] of FORMS.entries()) {
      for (const [k, between] of BETWEENS.entries()) {
        if (file.groups.length >= many && i % 8 !== 2 * j + k) continue
        const where = `${name} ${group.paths[0]} ${form} ${between}`
        const outcome = rewritten(file, group, { form, between })
        if ('refused' in outcome) {
          refused.set(outcome.refused, (refused.get(outcome.refused) ?? 0) + 1)
          if (!/^[A-Z].*\.$/.test(outcome.refused)) wrong.push(`${where}: no sentence: ${outcome.refused}`)
        } else if (outcome.differs !== null) wrong.push(`${where}: ${outcome.differs}`)
        else {
          done++
          const lost = lostLines(text, outcome.after)
          if (lost) wrong.push(`${where}: ${lost}`)
        }
      }
    }
  }
  return { wrong, done, refused }
}

/** Comments and blank lines are never touched. */
function lostLines(before: string, after: string): string | null {
  const kept = (text: string): string[] => text.split('\n').filter(line => /^\s*(?:[#;]|$)/.test(line))
  const [old, now] = [kept(before), kept(after)]
  let at = 0
  for (const line of now) if (line === old[at]) at++
  return at === old.length ? null : `the line ${JSON.stringify(old[at])} is gone`
}
