/** What bounds the time of a kernel. Peaks are the vendor's, dense, and no layer reaches them: a bound, no forecast. */
export interface Device {
  readonly id: string
  readonly name: string
  /** FLOP/s with a multiply-accumulate as 2. */
  readonly peak: number
  /** Bytes/s to and from memory. */
  readonly bandwidth: number
  /** Seconds to start a kernel. */
  readonly launch: number
  readonly precision: 'fp16' | 'fp32'
  readonly bytesPerElement: number
  /** Where the figures stand. */
  readonly source: string
}

/** A CUDA kernel takes some microseconds to start; 5 is a usual figure. On a CPU a layer is a function call. */
const CUDA_LAUNCH = 5e-6
const CALL = 0

export const devices: readonly Device[] = [
  {
    id: 't4-fp16',
    name: 'T4 fp16',
    peak: 65e12,
    bandwidth: 320e9,
    launch: CUDA_LAUNCH,
    precision: 'fp16',
    bytesPerElement: 2,
    source: 'NVIDIA T4 datasheet: 65 TFLOPS mixed precision, 320 GB/s',
  },
  {
    id: 't4-fp32',
    name: 'T4 fp32',
    peak: 8.1e12,
    bandwidth: 320e9,
    launch: CUDA_LAUNCH,
    precision: 'fp32',
    bytesPerElement: 4,
    source: 'NVIDIA T4 datasheet: 8.1 TFLOPS single precision, 320 GB/s',
  },
  {
    id: 'a100-fp16',
    name: 'A100 fp16',
    peak: 312e12,
    bandwidth: 1555e9,
    launch: CUDA_LAUNCH,
    precision: 'fp16',
    bytesPerElement: 2,
    source: 'NVIDIA A100 40GB datasheet: 312 TFLOPS fp16 Tensor Core without sparsity, 1,555 GB/s',
  },
  {
    id: 'rtx4090-fp16',
    name: 'RTX 4090 fp16',
    peak: 165.2e12,
    bandwidth: 1008e9,
    launch: CUDA_LAUNCH,
    precision: 'fp16',
    bytesPerElement: 2,
    source: 'NVIDIA Ada GPU architecture paper: 165.2 TFLOPS fp16 with fp32 accumulate without sparsity, 1,008 GB/s',
  },
  {
    id: 'orin-nano-fp16',
    name: 'Jetson Orin Nano 8GB fp16',
    peak: 10e12,
    bandwidth: 68e9,
    launch: CUDA_LAUNCH,
    precision: 'fp16',
    bytesPerElement: 2,
    source: 'NVIDIA Jetson Orin Nano 8GB: 10 TFLOPS fp16 without sparsity, 68 GB/s',
  },
  {
    id: 'cortex-a76-fp32',
    name: 'Raspberry Pi 5 fp32',
    peak: 4 * 2.4e9 * 16,
    bandwidth: 17.1e9,
    launch: CALL,
    precision: 'fp32',
    bytesPerElement: 4,
    source:
      'Raspberry Pi 5 product brief: four Arm Cortex-A76 at 2.4 GHz, LPDDR4X-4267 of 32 bits; Arm Cortex-A76 ' +
      'optimization guide: two 128-bit multiply-accumulates a cycle',
  },
  {
    id: 'laptop-fp32',
    name: 'Ryzen 7 5800U fp32',
    peak: 8 * 4.4e9 * 32,
    bandwidth: 68.2e9,
    launch: CALL,
    precision: 'fp32',
    bytesPerElement: 4,
    source:
      'AMD Ryzen 7 5800U: eight Zen 3 cores up to 4.4 GHz, LPDDR4X-4266 of 128 bits; AMD optimization guide for ' +
      'family 19h: two 256-bit multiply-accumulates a cycle',
  },
]

/** A device by its id, one of the reader's own before ours; the first of ours where there is none of that id. */
export const deviceById = (id: string | undefined, own: readonly Device[] = []): Device =>
  [...own, ...devices].find(d => d.id === id) ?? devices[0]!

/** A device as the setting `convlens.devices` has it; null where what stands there is none. */
export function ownDevice(given: unknown): Device | null {
  if (typeof given !== 'object' || given === null) return null
  const { name, teraflops, gigabytesPerSecond, launchMicroseconds = 0, precision = 'fp32' } = given as OwnDevice
  const known = precision === 'fp16' || precision === 'fp32'
  if (typeof name !== 'string' || !name.trim() || !known) return null
  if (!isAbove0(teraflops) || !isAbove0(gigabytesPerSecond)) return null
  if (launchMicroseconds !== 0 && !isAbove0(launchMicroseconds)) return null
  return {
    id: name,
    name,
    peak: teraflops * 1e12,
    bandwidth: gigabytesPerSecond * 1e9,
    launch: launchMicroseconds * 1e-6,
    precision,
    bytesPerElement: precision === 'fp16' ? 2 : 4,
    source: 'your settings',
  }
}

type OwnDevice = Readonly<
  Record<'name' | 'teraflops' | 'gigabytesPerSecond' | 'launchMicroseconds' | 'precision', unknown>
>

const isAbove0 = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
