import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { modelOf } from './open'

/**
 * The networks of the Keras fixtures as modules of PyTorch, written in the same way; their params are those that
 * torchvision's documentation gives for its models of these names (pytorch.org/vision/stable/models.html, num_params),
 * and PyTorch 1.13 counts for these very files.
 */
const PUBLISHED: readonly (readonly [string, string, number])[] = [
  ['resnet', 'resnet50', 25_557_032],
  ['resnet', 'resnet101', 44_549_160],
  ['resnet', 'resnet152', 60_192_808],
  ['densenet', 'densenet121', 7_978_856],
  ['densenet', 'densenet169', 14_149_480],
  ['densenet', 'densenet201', 20_013_928],
  ['efficientnet', 'efficientnet_b0', 5_288_548],
  ['efficientnet', 'efficientnet_b1', 7_794_184],
  ['efficientnet', 'efficientnet_b2', 9_109_994],
  ['efficientnet', 'efficientnet_b3', 12_233_232],
  ['efficientnet', 'efficientnet_b4', 19_341_616],
  ['efficientnet', 'efficientnet_b5', 30_389_784],
  ['efficientnet', 'efficientnet_b6', 43_040_704],
  ['efficientnet', 'efficientnet_b7', 66_347_960],
]

const folder = path.resolve(import.meta.dirname, '../../fixtures/python/networks')

test.each(PUBLISHED)('%s.py: %s has %i params', (file, name, params) => {
  const model = modelOf(readFileSync(path.join(folder, `${file}.py`), 'utf8'), name)!
  expect(model.problems).toEqual([])
  expect(model.totals).toMatchObject({ params, completeness: 'exact' })
})
