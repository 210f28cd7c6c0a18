import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { uncounted } from '../../../src/core/cost'
import { layerLists } from '../../../src/frontends/yaml'
import { built } from './support'

const FILES = join(__dirname, '../../../../shared/corpora/yaml_layers/JeiKeiLim+kindle/tests/test_configs')

/**
 * kindle's own test configurations: params, MACs, buffers and output of the modules that kindle 0.4 builds from them
 * under torch 1.13 (MACs by hooks on Conv2d and Linear and by counting matmul). The first four param counts are also
 * asserted in kindle's tests/test_model_parser.py.
 */
const MEASURED: readonly (readonly [string, number, number, number, string])[] = [
  ['example', 137_862, 1_567_400, 48, 'N×10'],
  ['vgg', 3_732_970, 78_791_936, 4224, 'N×10'],
  ['nn_model', 28_506, 20_204_480, 352, 'N×10'],
  ['gap_test_model', 20_148, 276_570_112, 212, 'N×10'],
  ['yolo_sample', 7_279_367, 1_342_013_440, 21_412, 'N×4032×15'],
  ['yolo_samplev2', 7_087_815, 1_308_459_008, 19_300, 'N×4032×15'],
  ['yolo_samplev3', 7_087_815, 1_308_459_008, 19_300, 'N×4032×15'],
  ['yolo_mobilevit_sample', 4_910_455, 1_759_250_432, 12_164, 'N×4032×15'],
]

/** Files that load what is not read: what is listed as unknown. */
const UNREAD: readonly (readonly [string, readonly string[]])[] = [
  ['show_case', ['YamlModule: the module file is not read']],
  ['custom_module_model', ['MyConv: MyConv comes from custom_module_paths, which are not read']],
  ['pretrained_example', ['PreTrained: timm models are not read', 'PreTrainedFeatureMap: timm models are not read']],
  ['pretrained_example2', ['PreTrained: timm models are not read']],
]

if (existsSync(FILES))
  describe('kindle’s test configurations', () => {
    const read = (name: string): string => readFileSync(join(FILES, `${name}.yaml`), 'utf8')

    test.each(MEASURED)('%s: %d params, %d MACs', (name, params, macs, buffers, output) => {
      const net = built(read(name), `${name}.yaml`)
      expect(net.problems).toEqual([])
      expect([net.sums.params, net.sums.macs, net.sums.buffers, net.output]).toEqual([params, macs, buffers, output])
      expect(net.sums.completeness).toBe('exact')
    })

    test.each(UNREAD)('%s says what it leaves out', (name, reasons) => {
      const { graph, sums, problems } = built(read(name), `${name}.yaml`)
      expect(problems).toEqual([])
      expect(sums.completeness).toBe('atLeast')
      expect([...new Set(uncounted(graph).map(u => `${u.what}: ${u.reason}`))]).toEqual(reasons)
    })

    test('every one is recognised', () => {
      for (const [name] of [...MEASURED, ...UNREAD]) {
        expect([name, layerLists.detect({ uri: name, name: `${name}.yaml`, text: read(name) })]).toEqual([name, true])
      }
    })
  })

const HEAD = 'input_size: [32, 32]\ninput_channel: 3\ndepth_multiple: 1.0\nwidth_multiple: 1.0\nbackbone:\n'
const flow = (rows: string): string => `${HEAD}  [\n${rows}\n  ]\n`

describe('rows', () => {
  // 3x3 from 3 to 8 channels: 216 weights, 16 of the norm; kindle rounds 6 channels up to 8 and takes padding 0 as none given.
  test.each<[string, string, number, string]>([
    ['flow', flow('    [-1, 1, Conv, [6, 3, 1, 0]],'), 232, 'N×8×32×32'],
    ['block', `${HEAD}  - [-1, 1, Conv, [8, 3, 2]]\n`, 232, 'N×8×16×16'],
    ['the stride on the last of two', flow('    [-1, 2, Conv, [8, 3, 2]],'), 232 + 576 + 16, 'N×8×16×16'],
    [
      'head unscaled',
      `${flow('    [-1, 1, Conv, [8, 1]]').replace('width_multiple: 1.0', 'width_multiple: 2.0')}head:\n  - [-1, 1, Conv, [10, 1]]\n`,
      48 + 32 + 160 + 20,
      'N×10×32×32',
    ],
    ['torch.nn', flow('    [-1, 1, nn.Conv2d, [5, 3], {bias: False}],\n    [-1, 1, nn.Flatten, []]'), 135, 'N×4500'],
    [
      'input_shape',
      'input_shape: [1, 28, 28]\nlayers:\n  - [-1, 1, Conv2d, [4, 5]]\n  - [-1, 1, ReLU]\n  - [-1, 1, MaxPool2d, [2]]\n',
      104,
      'N×4×12×12',
    ],
    [
      'several inputs',
      flow(
        '    [-1, 1, Identity, []],\n    [-1, 1, nn.ReLU, []],\n    [[0, -1], 1, Concat, [1]],\n    [[0, 1], 1, Add, []],\n    [2, 1, UpSample, []],',
      ),
      0,
      'N×6×64×64',
    ],
  ])('%s', (_, text, params, output) => {
    const net = built(text)
    expect(net.problems).toEqual([])
    expect([net.sums.params, net.output]).toEqual([params, output])
  })

  test.each<[string, string]>([
    ['    [-1, 1, MaxPol, [2]],', 'unknown-layer "MaxPol" MaxPol is not a known module; is it MaxPool?'],
    ['    [9, 1, Identity, []],', 'dangling-reference "9" Row 0 takes row 9, and there are rows 0 to 0.'],
    [
      '    [1, 1, Identity, []],\n    [-1, 1, Identity, []],',
      'dangling-reference "1" Row 0 takes row 1, which comes later.',
    ],
    [
      '    [-1, 1, Conv, [x, 3]],',
      'bad-argument "x" row 0: Conv expects out_channels to be a whole number from 1 and gets x.',
    ],
    ['    [-1, 1, Conv, [8]],', 'bad-argument "Conv" row 0: Conv needs kernel_size.'],
    ['    [-1, 1e9, Conv, [8, 3]],', 'limit "1e9" row 0: 1000000000 repeats are over the limit of 10,000.'],
    [
      '    [-1, many, Conv, [8, 3]],',
      'bad-argument "many" row 0 expects a whole number of repeats from 1 and gets many.',
    ],
    [
      '    [-1, 1, Conv, [8, 3], {activaton: ReLU}],',
      'unknown-option "activaton" Conv has no option activaton; is it activation?',
    ],
    [
      '    [-1, 1, Conv, [8, 3], {activation: Foo}],',
      'bad-argument "Foo" row 0: Conv expects activation to be one of torch.nn\'s and gets Foo.',
    ],
    ['    [-1],', 'bad-argument "[-1]" A row is [from, repeats, module, arguments]; row 0 names no module.'],
    ['    [[-1, -1], 1, Conv, [8, 3]],', 'bad-argument "[-1, -1]" Conv takes one input and gets 2.'],
    [
      '    [-1, 1, nn.Conv2d, [8, 3, 1, 1, 1, 1, True, zeros, 9]],',
      'unknown-option "9" nn.Conv2d takes 8 arguments here.',
    ],
    [
      '    [-1, 1, nn.Conv2d, [8, [3, 3, 3]]],',
      'bad-argument "[3, 3, 3]" row 0 expects kernel_size to be a whole number from 1, or 2 of them and gets [3, 3, 3].',
    ],
    ['    [-1, 1, Conv, [8, 3],\n    [-1, 1, Conv, [8, 3]],', 'syntax "[" This [ is never closed.'],
  ])('%s', (rows, said) => expect(built(flow(rows)).problems).toEqual([said]))

  test('an open bracket costs its row only', () => {
    const { sums } = built(flow('    [-1, 1, Conv, [8, 3],\n    [-1, 1, Conv, [8, 1]],\n    [-1, 1, MaxPool, [2]],'))
    expect(sums.params).toBe(232 + 64 + 16)
  })
})
