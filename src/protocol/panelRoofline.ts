/** What the Roofline tab draws besides the layers' work: the device, and where its least time goes. Plain JSON. */
import type { PanelKind } from './panel'
import type { PanelDevice } from './panelAdvice'

export interface PanelRoofline {
  readonly device: PanelRooflineDevice
  /** `T4 fp16: 65 TFLOP/s, 320 GB/s, 5 µs`, by the device's id. */
  readonly deviceTexts: Readonly<Record<string, string>>
  /** Ideal traffic of each layer in elements; null where it is not known. */
  readonly traffic: readonly (number | null)[]
  /** Seconds: every kernel waits for arithmetic or for memory, and takes a launch. */
  readonly time: {
    readonly seconds: number
    readonly arithmetic: number
    readonly memory: number
    readonly launches: number
    readonly exact: boolean
  }
  /** Kinds that occur, in the order of legends. */
  readonly kinds: readonly PanelRooflineKind[]
}

export interface PanelRooflineDevice extends PanelDevice {
  /** As data sheets give them: `65 TFLOP/s`, `320 GB/s`; a launch that takes no time has no text. */
  readonly texts: { readonly peak: string; readonly bandwidth: string; readonly launch: string }
}

export interface PanelRooflineKind {
  readonly kind: PanelKind
  readonly layers: number
  /** Of the model's MACs, 0 to 1. */
  readonly share: number
  /** Of the model's least time, 0 to 1. */
  readonly timeShare: number
  /** Layers that wait for memory. */
  readonly waits: number
}
