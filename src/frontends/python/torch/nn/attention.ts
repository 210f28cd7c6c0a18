import type { Layer } from '../../../../core/graph'
import { call } from '../../interpreter/call'
import { type Run, refuse } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { type PyClass, PyFloat, type PyValue } from '../../interpreter/values'
import { nearestDivisors } from '../divisors'
import { CONTAINERS, callModule, originOf, PyNNModule } from '../module'
import type { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { bool, count, int } from '../values'
import { addParameter, type Bound, input, keep, kept, layerClass, noParameter } from './define'
import { attentionLinear } from './linears'

/**
 * torch.nn.MultiheadAttention (torch/nn/modules/activation.py): one linear layer for queries, keys and values where all
 * have the same size, three where not; softmax(Q · Kᵀ) · V; a linear layer behind it.
 */
export const multiheadAttention: PyClass = layerClass('MultiheadAttention', {
  signature:
    'embed_dim, num_heads, dropout=, bias=, add_bias_kv=, add_zero_attn=, kdim=, vdim=, batch_first=, device=, dtype=',
  init: initialize,
  forwardSignature:
    'query, key, value, key_padding_mask=, need_weights=, attn_mask=, average_attn_weights=, is_causal=',
  forward,
})
CONTAINERS.add(multiheadAttention)

function initialize(run: Run, self: PyNNModule, args: Bound): void {
  const embed = count(args.embed_dim)
  const heads = count(args.num_heads)
  if (embed !== null && heads !== null && (heads <= 0 || embed % heads !== 0)) {
    refuse('AssertionError', 'embed_dim must be divisible by num_heads', {
      code: 'bad-argument',
      message: who => `${who}: ${heads} heads do not divide embed_dim ${embed}.`,
      argument: 'num_heads',
      values: nearestDivisors(heads, embed),
    })
  }
  const keySize = args.kdim == null ? embed : count(args.kdim)
  const valueSize = args.vdim == null ? embed : count(args.vdim)
  const together = keySize === embed && valueSize === embed
  const bias = bool(args.bias, true)
  keep(run, self, {
    embed_dim: args.embed_dim,
    num_heads: args.num_heads,
    head_dim: embed !== null && heads !== null ? embed / heads : null,
    kdim: args.kdim ?? args.embed_dim,
    vdim: args.vdim ?? args.embed_dim,
    dropout: args.dropout ?? new PyFloat(0),
    batch_first: bool(args.batch_first, false),
    add_zero_attn: bool(args.add_zero_attn, false),
    _qkv_same_embed_dim: together,
  })
  const triple = embed === null ? null : 3 * embed
  if (together) addParameter(run, self, 'in_proj_weight', [triple, embed])
  else noParameter(self, 'in_proj_weight')
  for (const [name, size] of [
    ['q_proj_weight', embed],
    ['k_proj_weight', keySize],
    ['v_proj_weight', valueSize],
  ] as const) {
    if (together) noParameter(self, name)
    else addParameter(run, self, name, [embed, size])
  }
  if (bias) addParameter(run, self, 'in_proj_bias', [triple])
  else noParameter(self, 'in_proj_bias')
  self.modules.set('out_proj', call(run, attentionLinear, [args.embed_dim!, args.embed_dim!, bias]) as PyNNModule)
  for (const name of ['bias_k', 'bias_v']) {
    if (bool(args.add_bias_kv, false)) addParameter(run, self, name, [1, 1, embed])
    else noParameter(self, name)
  }
}

function forward(run: Run, self: PyNNModule, args: Bound): PyValue {
  const [query, key, value] = [input(args, 'query'), input(args, 'key'), input(args, 'value')]
  const { embed_dim, num_heads, batch_first, add_zero_attn } = kept(
    run,
    self,
    'embed_dim num_heads batch_first add_zero_attn',
  )
  const [q, k, v] = project(run, self, query, key, value, count(embed_dim))
  const tokens = query.shape?.length === 3 && !bool(batch_first, false) ? 0 : -2
  const extra = Number(self.parameters.get('bias_k') != null) + Number(bool(add_zero_attn, false))
  const wanted = bool(args.need_weights, true)
  const weights = bool(args.average_attn_weights, true) ? ('mean' as const) : ('heads' as const)
  const attributes = {
    tokens,
    heads: int(num_heads),
    ...(extra ? { extra } : {}),
    ...(wanted ? { weights } : {}),
  }
  const [mixed, scores] = traceOf(run).ops(run, 'attention', attributes, [q, k, v], 'attention')
  const outer = self.modules.get('out_proj')
  const out = outer instanceof PyNNModule ? callModule(run, outer, [mixed!], new Map()) : mixed!
  return tuple([out, scores ?? null])
}

/** Queries, keys and values, by one matrix for what is given once. */
function project(
  run: Run,
  self: PyNNModule,
  query: PyTensor,
  key: PyTensor,
  value: PyTensor,
  embed: number | null,
): readonly [PyTensor, PyTensor, PyTensor] {
  const weight = self.parameters.get('in_proj_weight')
  const bias = self.parameters.get('in_proj_bias')
  const linear = (x: PyTensor, parts: number, name: string, stored: readonly string[]): PyTensor => {
    const own = stored.flatMap(n => self.parameters.get(n)?.weight ?? [])
    const attributes = {
      inFeatures: name === 'in_proj' ? embed : count(kept(run, self, SIZES[name]!)[SIZES[name]!]),
      outFeatures: embed === null ? null : parts * embed,
      bias: bias != null,
    }
    const origin = { ...originOf(run, self), path: `${originOf(run, self).path}.${name}`, type: 'Linear' }
    const layer = traceOf(run).builder.detached('linear', attributes, origin, own) as unknown as Layer
    return traceOf(run).layer(layer, [x], origin)[0]!
  }
  if (weight && query.value === key.value && key.value === value.value) {
    const all = linear(query, 3, 'in_proj', ['in_proj_weight', 'in_proj_bias'])
    const [q, k, v] = traceOf(run).ops(run, 'split', { axis: -1, chunks: 3 }, [all], 'chunk')
    return [q!, k ?? q!, v ?? q!]
  }
  return [
    linear(query, 1, 'q_proj', weight ? ['in_proj_weight', 'in_proj_bias'] : ['q_proj_weight', 'in_proj_bias']),
    linear(key, 1, 'k_proj', weight ? [] : ['k_proj_weight']),
    linear(value, 1, 'v_proj', weight ? [] : ['v_proj_weight']),
  ]
}

const SIZES: Readonly<Record<string, string>> = { q_proj: 'embed_dim', k_proj: 'kdim', v_proj: 'vdim' }
