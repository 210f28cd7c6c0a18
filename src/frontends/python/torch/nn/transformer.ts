import { call } from '../../interpreter/call'
import { items } from '../../interpreter/iterate'
import { deepCopy } from '../../interpreter/library/small'
import type { Run } from '../../interpreter/run'
import { list } from '../../interpreter/types'
import { asString, type Kwargs, type PyClass, PyFloat, PyTuple, type PyValue } from '../../interpreter/values'
import { CONTAINERS, callModule, PyNNModule } from '../module'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { bool, int } from '../values'
import { activations } from './activations'
import { multiheadAttention } from './attention'
import { moduleList } from './containers'
import { type Bound, input, keep, kept, layerClass } from './define'
import { linear } from './linears'
import { norms } from './norms'

const dropout = activations.find(c => c.name === 'Dropout')!
const layerNorm = norms.find(c => c.name === 'LayerNorm')!

const LAYER =
  'd_model, nhead, dim_feedforward=, dropout=, activation=, layer_norm_eps=, batch_first=, norm_first=, bias=, device=, dtype='

/** torch.nn.TransformerEncoderLayer and TransformerDecoderLayer (torch/nn/modules/transformer.py). */
const encoderLayer = layer('TransformerEncoderLayer', 1, 'src, src_mask=, src_key_padding_mask=, is_causal=')
const decoderLayer = layer(
  'TransformerDecoderLayer',
  2,
  'tgt, memory, tgt_mask=, memory_mask=, tgt_key_padding_mask=, memory_key_padding_mask=, tgt_is_causal=, memory_is_causal=',
)

/** A layer with so many attentions; the second one looks at the memory. */
function layer(name: string, attentions: 1 | 2, forwardSignature: string): PyClass {
  const cls = layerClass(name, {
    signature: LAYER,
    init: (run, self, args) => {
      const rate = args.dropout ?? new PyFloat(0.1)
      const size = args.dim_feedforward ?? 2048
      const bias = bool(args.bias, true)
      const options = new Map<string, PyValue>([
        ['dropout', rate],
        ['bias', bias],
        ['batch_first', args.batch_first ?? false],
      ])
      add(run, self, 'self_attn', multiheadAttention, [args.d_model!, args.nhead!], options)
      if (attentions === 2) add(run, self, 'multihead_attn', multiheadAttention, [args.d_model!, args.nhead!], options)
      add(run, self, 'linear1', linear, [args.d_model!, size, bias])
      add(run, self, 'dropout', dropout, [rate])
      add(run, self, 'linear2', linear, [size, args.d_model!, bias])
      const normOptions = new Map<string, PyValue>([
        ['eps', args.layer_norm_eps ?? new PyFloat(1e-5)],
        ['bias', bias],
      ])
      for (let i = 1; i <= attentions + 1; i++) add(run, self, `norm${i}`, layerNorm, [args.d_model!], normOptions)
      for (let i = 1; i <= attentions + 1; i++) add(run, self, `dropout${i}`, dropout, [rate])
      keep(run, self, { norm_first: bool(args.norm_first, false) })
      const { activation = 'relu' } = args
      if (activation instanceof PyNNModule) self.modules.set('activation', activation)
      else keep(run, self, { activation })
    },
    forwardSignature,
    forward: (run, self, args) => {
      const first = bool(kept(run, self, 'norm_first').norm_first, false)
      const memory = attentions === 2 ? input(args, 'memory') : null
      const parts = [
        (x: PyTensor) => attend(run, self, 'self_attn', x, x, 1),
        ...(memory ? [(x: PyTensor) => attend(run, self, 'multihead_attn', x, memory, 2)] : []),
        (x: PyTensor) => feed(run, self, x, attentions + 1),
      ]
      let x = input(args, attentions === 1 ? 'src' : 'tgt')
      parts.forEach((part, i) => {
        const sum = (a: PyTensor, b: PyTensor): PyTensor =>
          traceOf(run).op(run, 'elementwise', { function: 'add' }, [a, b], 'add')
        x = first
          ? sum(x, part(child(run, self, `norm${i + 1}`, x)))
          : child(run, self, `norm${i + 1}`, sum(x, part(x)))
      })
      return x
    },
  })
  CONTAINERS.add(cls)
  return cls
}

/** TransformerEncoder and TransformerDecoder: copies of one layer, then maybe a norm. */
const encoder = stack('TransformerEncoder', 'encoder_layer', 'src, mask=, src_key_padding_mask=, is_causal=')
const decoder = stack(
  'TransformerDecoder',
  'decoder_layer',
  'tgt, memory, tgt_mask=, memory_mask=, tgt_key_padding_mask=, memory_key_padding_mask=, tgt_is_causal=, memory_is_causal=',
)

function stack(name: string, of: string, forwardSignature: string): PyClass {
  const cls = layerClass(name, {
    signature: `${of}, num_layers, norm=, enable_nested_tensor=, mask_check=`,
    init: (run, self, args) => {
      const copies = Array.from({ length: Math.min(int(args.num_layers), MOST_LAYERS) }, () => deepCopy(run, args[of]!))
      self.modules.set('layers', call(run, moduleList, [list(copies)]) as PyNNModule)
      keep(run, self, { num_layers: args.num_layers })
      self.modules.set('norm', args.norm instanceof PyNNModule ? args.norm : null)
    },
    forwardSignature,
    forward: (run, self, args) => {
      const memory = args.memory === undefined ? [] : [args.memory]
      let x: PyValue = input(args, name === 'TransformerEncoder' ? 'src' : 'tgt')
      const layers = self.modules.get('layers')
      for (const one of layers instanceof PyNNModule ? (items(run, layers) ?? []) : [])
        x = call(run, one, [x, ...memory])
      const norm = self.modules.get('norm')
      return norm ? call(run, norm, [x]) : x
    },
  })
  CONTAINERS.add(cls)
  return cls
}

/** More layers than this are a mistake. */
const MOST_LAYERS = 1024

/** torch.nn.Transformer: an encoder, a decoder, each with a norm at its end. */
const transformer = layerClass('Transformer', {
  signature:
    'd_model=, nhead=, num_encoder_layers=, num_decoder_layers=, dim_feedforward=, dropout=, activation=, custom_encoder=, custom_decoder=, layer_norm_eps=, batch_first=, norm_first=, bias=, device=, dtype=',
  init: (run, self, args) => {
    const model = args.d_model ?? 512
    const heads = args.nhead ?? 8
    const options = new Map<string, PyValue>()
    for (const key of 'dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias'.split(' ')) {
      const value = args[key]
      if (value !== undefined) options.set(key, value)
    }
    keep(run, self, { d_model: model, nhead: heads, batch_first: args.batch_first ?? false })
    for (const [name, one, many, count, custom] of [
      ['encoder', encoderLayer, encoder, args.num_encoder_layers ?? 6, args.custom_encoder],
      ['decoder', decoderLayer, decoder, args.num_decoder_layers ?? 6, args.custom_decoder],
    ] as const) {
      if (custom instanceof PyNNModule) self.modules.set(name, custom)
      else add(run, self, name, many, [call(run, one, [model, heads], options), count, call(run, layerNorm, [model])])
    }
  },
  forwardSignature:
    'src, tgt, src_mask=, tgt_mask=, memory_mask=, src_key_padding_mask=, tgt_key_padding_mask=, memory_key_padding_mask=, src_is_causal=, tgt_is_causal=, memory_is_causal=',
  forward: (run, self, args) => {
    const memory = call(run, self.modules.get('encoder')!, [input(args, 'src')])
    return call(run, self.modules.get('decoder')!, [input(args, 'tgt'), memory])
  },
})
CONTAINERS.add(transformer)

function add(
  run: Run,
  self: PyNNModule,
  name: string,
  cls: PyClass,
  args: readonly PyValue[],
  kwargs: Kwargs = new Map(),
): void {
  self.modules.set(name, call(run, cls, args, kwargs) as PyNNModule)
}

/** Calls a child by name; a child that the program took away or replaced by something else passes its input on. */
function child(run: Run, self: PyNNModule, name: string, x: PyTensor): PyTensor {
  const module = self.modules.get(name)
  const result = module instanceof PyNNModule ? callModule(run, module, [x], new Map()) : x
  return result instanceof PyTensor ? result : traceOf(run).unknown(run, name, `${name} is not known`, [x])[0]!
}

function attend(run: Run, self: PyNNModule, name: string, x: PyTensor, memory: PyTensor, at: number): PyTensor {
  const module = self.modules.get(name)
  const given: readonly PyValue[] = [x, memory, memory]
  const result = module instanceof PyNNModule ? callModule(run, module, given, new Map([['need_weights', false]])) : x
  const out = result instanceof PyTuple ? result.items[0]! : result
  return child(run, self, `dropout${at}`, out instanceof PyTensor ? out : x)
}

function feed(run: Run, self: PyNNModule, x: PyTensor, at: number): PyTensor {
  const hidden = activate(run, self, child(run, self, 'linear1', x))
  return child(run, self, `dropout${at}`, child(run, self, 'linear2', child(run, self, 'dropout', hidden)))
}

/** The activation: a module, a function of the program, or a name. */
function activate(run: Run, self: PyNNModule, x: PyTensor): PyTensor {
  const module = self.modules.get('activation')
  if (module instanceof PyNNModule) return child(run, self, 'activation', x)
  const { activation }: Bound = kept(run, self, 'activation')
  const named = asString(activation ?? null)
  if (named !== null || activation === undefined) {
    return traceOf(run).op(run, 'activation', { function: named ?? 'relu' }, [x], named ?? 'relu')
  }
  const result = call(run, activation, [x])
  return result instanceof PyTensor ? result : x
}

/** torch.nn.Transformer and its parts (torch/nn/modules/transformer.py). */
export const transformers: readonly PyClass[] = [encoderLayer, decoderLayer, encoder, decoder, transformer]
