import type { FrontEnd, ModelFile, Source } from '../frontend'
import { buildNetwork } from './build'
import { completePrototxt } from './completion'
import { typeOf } from './layers'
import { readNetwork } from './network'
import { outlineOf } from './outline'
import { statesOf } from './phases'
import { remarks } from './remarks'
import { rewriteLayer } from './rewrite'

/** Caffe's prototxt files: `layer { }` after `layer { }`, in protobuf's text format. */
export const prototxt: FrontEnd = {
  format: 'prototxt',
  detect,
  open,
  complete: completePrototxt,
  supported: () => [{ title: 'layers', names: [...typeOf.keys()] }],
}

function open(source: Source): ModelFile {
  const network = readNetwork(source.text)
  const isEmpty = network.layers.length === 0
  const states = isEmpty ? [] : statesOf(network)
  const base = source.name.replace(/\.[^.]*$/, '')
  const name = /^[^\s"'#]{1,60}$/.test(network.name) ? network.name : base
  const models = states.map((state, i) => ({
    name: i === 0 ? name : `${name}-${state.name}`,
    aliases: [...new Set([state.name, ...(i === 0 && base !== name ? [base] : [])])],
    span: network.layers[0]!.header,
    state,
  }))
  return {
    format: 'prototxt',
    models: models.map(({ state, ...choice }) => choice),
    defaultModel: models[0]?.name,
    problems: [...network.problems, ...remarks(network)],
    outline: () => outlineOf(network),
    build: options => {
      const found = models.find(model => model.name === options.model) ?? models[0]
      const state = found?.state ?? { name: 'test', phase: 'TEST', stages: [], level: 0 }
      return buildNetwork(network, state, options)
    },
    rewrite: request => rewriteLayer(network, request),
  }
}

/** How much of a text decides: a network says its first layer early. */
const LOOK = 200_000

/**
 * A layer that opens with a bracket, in a file of this language or with what only a layer has beside it. Solvers and
 * lists of labels are written in the same format.
 */
function detect({ name, text, languageId }: Source): boolean {
  const head = text.slice(0, LOOK)
  const named = languageId === 'prototxt' || /\.(?:prototxt|pbtxt|pt)$/i.test(name)
  if (named && /(?:^|[\s}])layers?\s{0,9}(?::\s{0,9})?[{<]/.test(head)) return true
  if (languageId === 'prototxt' && !/\.pbtxt$/i.test(name)) return BEGINNING.test(head)
  return (
    /^[ \t]{0,20}layers?[ \t]{0,9}[{<]/m.test(head) && /^[ \t]{0,20}(?:bottom|top)[ \t]{0,9}:[ \t]{0,9}["']/m.test(head)
  )
}

/** What a network begins with, as far as it is typed. */
const BEGINNING = /^(?:\s|#.*|name[ \t]{0,9}:|"[^"\r\n]*"?)*(?:l(?:a(?:y(?:ers?)?)?)?|input\w*[\s\S]*)$/
