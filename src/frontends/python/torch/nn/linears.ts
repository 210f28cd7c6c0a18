import { bindNative } from '../../interpreter/arguments'
import { call } from '../../interpreter/call'
import { fromDim } from '../../interpreter/operators'
import { type Run, raise } from '../../interpreter/run'
import { classmethodClass, native } from '../../interpreter/types'
import { asInt, type PyClass, PyFloat, PyUnknown, PyWrapped } from '../../interpreter/values'
import { callLayer, PyNNModule } from '../module'
import { PyTensor } from '../tensor'
import { bool, count, text } from '../values'
import { addParameter, type Bound, freeze, input, keep, keeps, kept, layerClass, noParameter } from './define'

/** torch.nn.Linear (torch/nn/modules/linear.py). */
export const linear = layerClass('Linear', {
  signature: 'in_features, out_features, bias=, device=, dtype=',
  init: (run, self, args) => initializeLinear(run, self, args),
  forward: (run, self, args) => callLinear(run, self, input(args)),
})

/** Linear of attention in PyTorch: another class, the same layer. */
export const attentionLinear = layerClass('NonDynamicallyQuantizableLinear', {
  signature: 'in_features, out_features, bias=, device=, dtype=',
  bases: [linear],
})

function initializeLinear(run: Run, self: PyNNModule, args: Bound): void {
  keep(run, self, { in_features: args.in_features, out_features: args.out_features })
  const features = [count(args.out_features), count(args.in_features)]
  if (features.some(f => f !== null && f < 0)) raise('RuntimeError', 'Trying to create tensor with negative dimension')
  addParameter(run, self, 'weight', features)
  if (bool(args.bias, true)) addParameter(run, self, 'bias', [features[0]!])
  else noParameter(self, 'bias')
}

/** What a weight that the program may have replaced says of a layer's features. */
export function callLinear(run: Run, self: PyNNModule, x: PyTensor): PyTensor {
  const { weight, in_features, out_features } = kept(run, self, 'weight in_features out_features')
  const shape = weight instanceof PyTensor && weight.shape?.length === 2 ? weight.shape : null
  const number = (dim: unknown): number | null => (typeof dim === 'number' ? dim : null)
  const attributes = {
    inFeatures: shape ? number(shape[1]) : count(in_features),
    outFeatures: shape ? number(shape[0]) : count(out_features),
    bias: self.parameters.get('bias') != null,
  }
  return callLayer(run, self, 'linear', attributes, [x])[0]!
}

const bilinear = layerClass('Bilinear', {
  signature: 'in1_features, in2_features, out_features, bias=, device=, dtype=',
  init: (run, self, args) => {
    const { in1_features, in2_features, out_features } = args
    keep(run, self, { in1_features, in2_features, out_features })
    addParameter(run, self, 'weight', [count(out_features), count(in1_features), count(in2_features)])
    if (bool(args.bias, true)) addParameter(run, self, 'bias', [count(out_features)])
    else noParameter(self, 'bias')
  },
  forwardSignature: 'input1, input2',
  forward: (run, self, args) => {
    const { in1_features, in2_features, out_features } = kept(run, self, 'in1_features in2_features out_features')
    const attributes = {
      in1Features: count(in1_features),
      in2Features: count(in2_features),
      outFeatures: count(out_features),
      bias: self.parameters.get('bias') != null,
    }
    return callLayer(run, self, 'bilinear', attributes, [input(args, 'input1'), input(args, 'input2')])[0]!
  },
})

const EMBEDDING = 'num_embeddings, embedding_dim, padding_idx=, max_norm=, norm_type=, scale_grad_by_freq='

function initializeEmbedding(run: Run, self: PyNNModule, args: Bound): void {
  const { num_embeddings, embedding_dim, padding_idx } = args
  keep(run, self, { num_embeddings, embedding_dim, padding_idx: padding_idx ?? null })
  const rows = asInt(num_embeddings ?? null)
  const padding = asInt(padding_idx ?? null)
  if (rows !== null && padding !== null && (padding >= rows || padding < -rows)) {
    raise('AssertionError', 'Padding_idx must be within num_embeddings')
  }
  addParameter(run, self, 'weight', [count(num_embeddings), count(embedding_dim)])
}

const embedding = layerClass('Embedding', {
  signature: `${EMBEDDING}, sparse=, _weight=, device=, dtype=`,
  init: initializeEmbedding,
  forward: (run, self, args) => {
    const { num_embeddings, embedding_dim } = kept(run, self, 'num_embeddings embedding_dim')
    const attributes = { count: count(num_embeddings), features: count(embedding_dim) }
    const [rows] = callLayer(run, self, 'embedding', attributes, [input(args)])
    rows!.dtype = 'float32'
    return rows!
  },
})

const embeddingBag = layerClass('EmbeddingBag', {
  signature:
    'num_embeddings, embedding_dim, max_norm=, norm_type=, scale_grad_by_freq=, mode=, sparse=, _weight=, include_last_offset=, padding_idx=, device=, dtype=',
  init: (run, self, args) => {
    initializeEmbedding(run, self, args)
    keep(run, self, { mode: text(args.mode, 'mean'), include_last_offset: args.include_last_offset ?? false })
  },
  forwardSignature: 'input, offsets=, per_sample_weights=',
  forward: (run, self, args) => {
    const { num_embeddings, embedding_dim } = kept(run, self, 'num_embeddings embedding_dim')
    const attributes = { count: count(num_embeddings), features: count(embedding_dim), bag: true }
    const { offsets } = args
    const inputs = offsets instanceof PyTensor ? [input(args), offsets] : [input(args)]
    const [bags] = callLayer(run, self, 'embedding', attributes, inputs)
    bags!.dtype = 'float32'
    return bags!
  },
})

/** Passes its input on, whatever it is given when it is built. */
export const identity = layerClass('Identity', {
  signature: '',
  forward: (run, self, args) => {
    const { input: value } = args
    return value instanceof PyTensor ? callLayer(run, self, 'identity', {}, [value])[0]! : (value ?? null)
  },
})
identity.dict.delete('__init__')

const distances = ['CosineSimilarity', 'PairwiseDistance'].map(name => {
  const cosine = name === 'CosineSimilarity'
  return layerClass(name, {
    signature: cosine ? 'dim=, eps=' : 'p=, eps=, keepdim=',
    init: keeps(
      cosine ? { dim: 1, eps: new PyFloat(1e-8) } : { p: new PyFloat(2), eps: new PyFloat(1e-6), keepdim: false },
    ),
    forwardSignature: 'x1, x2',
    forward: (run, self, args) => {
      const { dim, keepdim } = kept(run, self, 'dim keepdim')
      const attributes = {
        function: cosine ? 'cosine_similarity' : 'pairwise_distance',
        axes: [cosine ? (asInt(dim ?? null) ?? 1) : -1],
        keep: !cosine && bool(keepdim, false),
      }
      return callLayer(run, self, 'reduce', attributes, [input(args, 'x1'), input(args, 'x2')])[0]!
    },
  })
})

/** Linear layers, tables and distances of torch.nn (torch/nn/modules/linear.py, sparse.py, distance.py). */
export const linears: readonly PyClass[] = [linear, bilinear, embedding, embeddingBag, identity, ...distances]

// Embedding.from_pretrained(table, freeze=True).
for (const cls of [embedding, embeddingBag]) {
  const fromPretrained = native('from_pretrained', (run, [made, ...rest], kwargs) => {
    const args = bindNative('from_pretrained', 'embeddings, freeze=', rest, kwargs, true)
    const table = args.embeddings
    const sizes = table instanceof PyTensor && table.shape?.length === 2 ? table.shape.map(fromDim) : null
    const self = call(
      run,
      made!,
      sizes ?? [new PyUnknown('the table is not known'), new PyUnknown('the table is not known')],
    )
    if (self instanceof PyNNModule && bool(args.freeze, true)) freeze(self)
    return self
  })
  cls.dict.set('from_pretrained', new PyWrapped(classmethodClass, fromPretrained))
}
