import { expect, test } from 'vitest'
import { layerLists } from '../../../src/frontends/yaml'
import { rows } from './support'

const detect = (text: string, name = 'file.yaml'): boolean => layerLists.detect({ uri: name, name, text })

test.each([
  ['layers by type', rows('  - type: Conv2d\n    out_channels: 3\n    kernel_size: 1')],
  [
    'layers without an input',
    'layers:\n  - type: nn.Conv2d\n    in_channels: 3\n    out_channels: 8\n    kernel_size: 3\n',
  ],
  ['sugar', 'layers:\n  - Conv2d: {in_channels: 3, out_channels: 3, kernel_size: 1}\n'],
  ['flow mappings', 'model:\n- {type: Linear, in_features: 2, out_features: 1}\n'],
  ['only linear layers', 'model:\n-   type: Linear\n    in_features: 2\n    out_features: 10\n-   type: ReLU\n'],
  ['comments first', `# a\n\n# b\n---\n${rows('  # c\n\n  - ReLU')}`],
  ['half a row', rows('  - type: Con')],
  ['a stage of blocks', rows('  - branches:\n      - []')],
  ['nested under model', 'model:\n  input: [3, 8, 8]\n  layers:\n    - type: Conv2d\n'],
  ['rows without a key', '- type: Conv2d\n  out_channels: 3\n  kernel_size: 1\n'],
  ['positional flow', 'input_channel: 3\nbackbone:\n  [\n    [-1, 1, Conv, [8, 3]],\n  ]\n'],
  ['positional block', 'input_shape: [3, 8, 8]\nlayers:\n  - [-1, 1, nn.Conv2d, [8, 3]]\n'],
  ['a module file', 'args: [96, 32]\nmodule:\n    [\n        [-1, 1, Conv, [arg0, 1, 1]],\n    ]\n'],
  ['a flow list', 'input: [3, 8, 8]\nlayers: [Flatten, {Linear: {out_features: 3}}]\n'],
  ['a flow list of one', 'input: [3, 8, 8]\nlayers: [ReLU]\n'],
  ['CRLF', rows('  - type: Conv2d').replaceAll('\n', '\r\n')],
])('%s', (_, text) => expect(detect(text)).toBe(true))

test.each([
  ['nothing', ''],
  ['docker compose', 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n'],
  ['kubernetes', 'apiVersion: v1\nkind: Service\nspec:\n  type: ClusterIP\n  ports:\n    - port: 80\n'],
  [
    'GitHub workflow',
    'on: push\njobs:\n  build:\n    runs-on: ubuntu\n    steps:\n      - uses: actions/checkout@v4\n      - name: Add\n        run: make\n',
  ],
  ['GitLab', 'stages: [build]\nbuild:\n  script:\n    - make\n'],
  [
    'OpenAPI',
    'openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters:\n        - name: x\n          schema: {type: string}\n',
  ],
  ['mkdocs', 'site_name: x\nnav:\n  - Home: index.md\nmodel: big\n'],
  ['hyper-parameters', 'model: resnet50\nlr: 0.1\ninput: [3, 224, 224]\noptimizer:\n  type: SGD\n'],
  ['hydra', 'defaults:\n  - model: resnet\n  - _self_\nmodel:\n  _target_: torch.nn.Linear\n  in_features: 3\n'],
  ['a map style', 'version: 8\nlayers:\n  - id: water\n    type: fill\n  - id: roads\n    type: line\n'],
  ['a keymap', 'keyboard: x\nlayers:\n  - name: base\n    keys: [A, B, C]\n'],
  ['lambda layers', 'layers:\n  - name: deps\n    path: layer\n    compatibleRuntimes: [nodejs20.x]\n'],
  ['a scene', 'model:\n  - type: Transform\n    input: [1, 2]\n  - type: Mesh\n'],
  ['issue tracker', 'model:\n  - type: Linear\n    team: core\n'],
  ['ultralytics', 'nc: 80\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]]\nhead:\n  - [[4], 1, Detect, [nc]]\n'],
  [
    'YOLOv5',
    'nc: 80\ndepth_multiple: 0.33\nwidth_multiple: 0.50\nbackbone:\n  [[-1, 1, Conv, [64, 6, 2, 2]],\n  ]\nhead:\n  [[-1, 1, Detect, [nc, anchors]],]\n',
  ],
  ['dataset', 'path: coco\ntrain: images\nnames:\n  0: person\n  1: Add\n'],
  ['ansible', '- hosts: all\n  tasks:\n    - name: Flatten\n      shell: ls\n'],
  ['conda', 'name: env\ndependencies:\n  - python\n  - pip: [torch]\n'],
  ['JSON', '{"layers": [{"type": "Conv2d"}]}'],
  ['prose', 'layers: of paint\nmodel: a\n'],
  ['pre-commit', 'repos:\n  - repo: https://x\n    hooks:\n      - id: ruff\n'],
  ['dbt', 'version: 2\nmodels:\n  - name: orders\n    columns:\n      - name: id\n'],
])('not %s', (_, text) => expect(detect(text)).toBe(false))

test('the name alone is enough where it is ours and the keys are too', () => {
  expect(detect('layers:\n', 'net.convlens.yaml')).toBe(true)
  expect(detect('a: 1\n', 'net.convlens.yaml')).toBe(false)
})

test('costs nothing on large texts of other kinds', () => {
  const start = performance.now()
  detect('key: [value, value]\n'.repeat(200_000))
  detect('layers:\n  - name: x\n    keys: [A, B]\n'.repeat(100_000))
  detect(' '.repeat(2_000_000))
  detect('- '.repeat(1_000_000))
  detect('\n'.repeat(2_000_000))
  expect(performance.now() - start).toBeLessThan(2000)
})
