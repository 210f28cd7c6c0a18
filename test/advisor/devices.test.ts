import { describe, expect, test } from 'vitest'
import { kernelTime } from '../../src/advisor/bound'
import { deviceById, devices, ownDevice } from '../../src/advisor/devices'
import { panelModel } from '../../src/features/panelModel'
import { analysisOf } from '../support/fixture'

const BOARD = { name: 'My board', teraflops: 2, gigabytesPerSecond: 50, launchMicroseconds: 10, precision: 'fp16' }

describe('a device of the settings', () => {
  test('bounds the time by its own figures', () => {
    const board = ownDevice(BOARD)!
    // 10^9 products are 2·10^9 operations: 1 ms at 2·10^12 a second, and 10 µs to start.
    expect(kernelTime({ macs: 1e9, traffic: 0 }, board)).toBeCloseTo(1.01e-3, 9)
    // 10^6 elements of 2 bytes at 50·10^9 bytes a second: 40 µs.
    expect(kernelTime({ macs: 0, traffic: 1e6 }, board)).toBeCloseTo(50e-6, 12)
  })

  test('is fp32 and starts its kernels at once unless it says otherwise', () => {
    expect(ownDevice({ name: 'a', teraflops: 1, gigabytesPerSecond: 1 })).toMatchObject({
      launch: 0,
      precision: 'fp32',
      bytesPerElement: 4,
    })
  })

  test.each([
    null,
    'T4',
    [],
    {},
    { ...BOARD, name: ' ' },
    { ...BOARD, teraflops: 0 },
    { ...BOARD, teraflops: Number.POSITIVE_INFINITY },
    { ...BOARD, gigabytesPerSecond: '50' },
    { ...BOARD, launchMicroseconds: -1 },
    { ...BOARD, precision: 'int4' },
  ])('%j is none', given => {
    expect(ownDevice(given)).toBe(null)
  })

  test('goes before ours of the same id; where there is none of an id the first of ours is taken', () => {
    const own = ownDevice({ ...BOARD, name: 't4-fp16' })!
    expect(deviceById('t4-fp16', [own])).toBe(own)
    expect(deviceById('abacus', [own])).toBe(devices[0])
  })

  test('can be chosen in the panel', () => {
    const analysis = analysisOf('input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n')
    const model = panelModel(analysis, { uri: 'file:///net', device: 'My board' }, [ownDevice(BOARD)!])
    expect(model).toMatchObject({ device: 'My board', roofline: { device: { peak: 2e12, bandwidth: 50e9 } } })
    expect(model.state === 'network' && model.devices[0]).toEqual({ id: 'My board', name: 'My board' })
  })
})
