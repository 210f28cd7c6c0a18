/** What the Picture tab draws: shapes of layers, the forms, and which map is made from which. Plain JSON. */
import type { PanelForm } from './panel'

export interface PanelPicture {
  /** What each form puts in place of a k×k convolution, in order. */
  readonly forms: Readonly<Record<PanelForm, readonly PanelFormStep[]>>
  /** Each once, however many layers have it. */
  readonly geometries: readonly PanelGeometry[]
  /** For each layer an index into `geometries`; null where it has no kernel, or a size is not known. */
  readonly geometryOf: readonly (number | null)[]
  /** The maps of the network in the order of execution. */
  readonly maps: readonly PanelMap[]
  /** Numbers of layers whose tensors are small constants, by the layer's index. */
  readonly values: Readonly<Record<number, PanelValues>>
}

/** One layer of a form. A `spatial` one has the kernel and the stride of the convolution it replaces. */
export interface PanelFormStep {
  readonly spatial: boolean
  readonly depthwise: boolean
  readonly from: 'in' | 'r' | 'out'
  readonly to: 'in' | 'r' | 'out'
}

/** A convolution, or a linear layer as a 1×1 on the positions it is applied to. Sizes are spatial, without channels. */
export interface PanelGeometry {
  readonly op: 'convolution' | 'transposed' | 'linear'
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Zeros before each axis; null stands for TensorFlow's `same`. */
  readonly padding: readonly number[] | null
  readonly groups: number
  readonly cin: number
  readonly cout: number
  readonly input: readonly number[]
  readonly output: readonly number[]
  /** Without the bias. */
  readonly weights: number
  /** Elements of the bias. */
  readonly bias: number
  readonly macs: number
  /** In elements: input, weights, bias and output once. */
  readonly traffic: number
}

/** A tensor that layers read and write. */
export interface PanelMap {
  /** The layer that makes it; null for inputs and joins. */
  readonly layer: number | null
  /** What makes it where no layer does. */
  readonly by: 'input' | 'concat' | 'add' | 'move' | null
  /** Null where unknown. */
  readonly channels: number | null
  /** `28×28`; empty where it is no map. */
  readonly size: string
  /** Indexes of the maps it is made from. */
  readonly from: readonly number[]
  /** A pooling stands between. */
  readonly pooled?: true
}

/** Numbers in the order height, width, channel; of the filters: filter, height, width, channel. */
export interface PanelValues {
  readonly input: PanelTensor
  readonly filter: PanelTensor
  readonly output: PanelTensor
}

export interface PanelTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}
