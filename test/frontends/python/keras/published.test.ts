import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { modelOf } from '../open'

/**
 * Networks written as builder functions, in the size in which they are published, and the params that keras.io gives for
 * them (keras.io/api/applications, and what model.summary() of Keras 3 prints for the same networks).
 */
const PUBLISHED: readonly (readonly [string, string, number])[] = [
  ['resnet', 'ResNet50', 25_636_712],
  ['resnet', 'ResNet101', 44_707_176],
  ['resnet', 'ResNet152', 60_419_944],
  ['densenet', 'DenseNet121', 8_062_504],
  ['densenet', 'DenseNet169', 14_307_880],
  ['densenet', 'DenseNet201', 20_242_984],
  ['efficientnet', 'EfficientNetB0', 5_330_571],
  ['efficientnet', 'EfficientNetB1', 7_856_239],
  ['efficientnet', 'EfficientNetB2', 9_177_569],
  ['efficientnet', 'EfficientNetB3', 12_320_535],
  ['efficientnet', 'EfficientNetB4', 19_466_823],
  ['efficientnet', 'EfficientNetB5', 30_562_527],
  ['efficientnet', 'EfficientNetB6', 43_265_143],
  ['efficientnet', 'EfficientNetB7', 66_658_687],
]

const folder = path.resolve(import.meta.dirname, '../../../fixtures/keras/applications')

test.each(PUBLISHED)('%s.py: %s has %i params', (file, name, params) => {
  const model = modelOf(readFileSync(path.join(folder, `${file}.py`), 'utf8'), name)!
  expect(model.problems).toEqual([])
  expect(model.totals).toMatchObject({ params, completeness: 'exact' })
})

test('statistics of batch normalization are not learned: 53,120 of ResNet50 and 83,648 of DenseNet121', () => {
  const frozen = (file: string, name: string): number => {
    const { params, trainableParams } = modelOf(readFileSync(path.join(folder, `${file}.py`), 'utf8'), name)!.totals
    return params - trainableParams
  }
  expect(frozen('resnet', 'ResNet50')).toBe(53_120)
  expect(frozen('densenet', 'DenseNet121')).toBe(83_648)
})
