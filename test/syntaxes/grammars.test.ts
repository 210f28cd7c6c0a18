import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { differences, grammars } from './tokens'

const fixtures: readonly (readonly [name: string, scope: string, marked: string])[] = [
  [
    'Darknet: sections, keys, values',
    'source.darknet-cfg',
    `[net]
^ punctuation.definition.section.begin
 ^^^ entity.name.type.section
    ^ punctuation.definition.section.end
batch_normalize=1
^^^^^^^^^^^^^^^ variable.other.property
               ^ keyword.operator.assignment
                ^ constant.numeric
 learning_rate = 1e-3
 ^^^^^^^^^^^^^ variable.other.property
                 ^^^^ constant.numeric
layers = -1, 61
         ^^ constant.numeric
           ^ punctuation.separator.sequence
             ^^ constant.numeric
activation=leaky
           ^^^^^ string.unquoted
exposure=.5
         ^^ constant.numeric
map=data/9k.map
    ^^^^^^^^^^^ string.unquoted`,
  ],
  [
    'Darknet: comments, and lines that are not finished',
    'source.darknet-cfg',
    `# filters=64
^^^^^^^^^^^^ comment.line.number-sign
 ; filters=64
   ^^^^^^^^^^ comment.line.semicolon
filters=64 # or 32
        ^^ constant.numeric
           ^^^^^^^ comment.line.number-sign
[convolutional
 ^^^^^^^^^^^^^ entity.name.type.section
filters
^^^^^^^ none
size=
^^^^ variable.other.property
[route] x
        ^ invalid.illegal
layers=-1
^^^^^^ variable.other.property`,
  ],
  [
    'prototxt',
    'source.prototxt',
    `name: "LeNet" # small
^^^^ variable.other.property
      ^^^^^^^ string.quoted.double
              ^^^^^^^ comment.line.number-sign
layer {
^^^^^ entity.name.type.message
  convolution_param: { num_output: 20 weight_filler { type: 'xavier' } }
  ^^^^^^^^^^^^^^^^^ entity.name.type.message
                       ^^^^^^^^^^ variable.other.property
                                   ^^ constant.numeric
                                                            ^^^^^^^^ string.quoted.single
  pool: MAX
        ^^^ constant.other.enum
  bias_term: false
             ^^^^^ constant.language.boolean
  lr: 1e-4f
      ^^^^^ constant.numeric
  type: "a # b"
        ^^^^^^^ string.quoted.double`,
  ],
  ...(['python', 'yaml', 'darknet-cfg', 'prototxt'] as const).map(
    language =>
      [
        `directive in ${language}`,
        `source.${language}`,
        `# convlens: input=3x224x224 model=resnet50 max-macs=600M x
  ^^^^^^^^ keyword.other.convlens
          ^ punctuation.separator.convlens
            ^^^^^ variable.parameter.convlens
                 ^ keyword.operator.assignment.convlens
                  ^^^^^^^^^ constant.numeric.convlens
                            ^^^^^ variable.parameter.convlens
                                  ^^^^^^^^ string.unquoted.convlens
                                           ^^^^^^^^ variable.parameter.convlens
                                                    ^^^^ constant.numeric.convlens
# convlens: input=left=1x28x28 model="Net(3, 4)"
                  ^^^^ variable.other.convlens
                       ^^^^^^^ constant.numeric.convlens
                                     ^^^^^^^^^^^ string.quoted.double.convlens
# about convlens
        ^^^^^^^^ comment.line`,
      ] as const,
  ),
  [
    'no directive outside comments',
    'source.python',
    `print("# convlens: input=3x224x224")
         ^^^^^^^^^^^^^^^^^^^^^^^^^^ string.quoted`,
  ],
  [
    'YAML: layers of model files',
    'source.yaml',
    `  - [-1, 1, Conv, [64, 3, 2]] # 0-P1/2
            ^^^^ entity.name.class.layer.convlens
                    ^^ none
  - [[-1, 6], 1, Concat, [1]]
                 ^^^^^^ entity.name.class.layer.convlens
  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
            ^^^^^^^^^^^ entity.name.class.layer.convlens
  - type: Conv2d
          ^^^^^^ entity.name.class.layer.convlens
  - {type: Conv2d, out_channels: 64}
           ^^^^^^ entity.name.class.layer.convlens
anchors: [10, 13, large, 30]
                  ^^^^^ none
kind: Conv2d
      ^^^^^^ none
prototype: Deployment
           ^^^^^^^^^^ none
type: a Conv2d
        ^^^^^^ none
# type: Conv2d
        ^^^^^^ comment.line`,
  ],
]

describe('grammars', () => {
  it.each(fixtures)('%s', async (_, scope, marked) => {
    expect(await differences(scope, marked)).toEqual([])
  })

  it('a mark that does not hold is a difference', async () => {
    expect(await differences('source.darknet-cfg', '[net]\n ^^^ string')).toHaveLength(1)
  })

  it('are all contributed from files that exist, under the scope that they declare', () => {
    for (const { path, scopeName } of grammars) {
      expect(existsSync(path), path).toBe(true)
      expect(JSON.parse(readFileSync(path, 'utf8')).scopeName).toBe(scopeName)
    }
  })
})

interface Language {
  readonly id: string
  readonly extensions?: readonly string[]
  readonly filenamePatterns?: readonly string[]
  readonly firstLine?: string
  readonly configuration: string
}

describe('languages', () => {
  const { languages } = JSON.parse(readFileSync('package.json', 'utf8')).contributes as {
    languages: readonly Language[]
  }

  it('Darknet claims no extension, only files that begin as a network', () => {
    const darknet = languages.find(language => language.id === 'darknet-cfg')!
    expect(darknet.extensions).toBeUndefined()
    const names = darknet.filenamePatterns!.map(
      glob => new RegExp(`^${glob.replace('.', '[.]').replaceAll('*', '.*')}$`),
    )
    const claims = (name: string): boolean => names.some(pattern => pattern.test(name))
    const upstream = ['yolov3-tiny.cfg', 'Gaussian_yolov3_BDD.cfg', 'csresnext50-panet-spp.cfg', 'darknet53.cfg']
    expect(upstream.every(claims)).toBe(true)
    expect(['setup.cfg', 'tox.cfg', 'pyvenv.cfg', 'grub.cfg'].some(claims)).toBe(false)
    const firstLine = new RegExp(darknet.firstLine!)
    expect(['[net]', ' [network]'].every(line => firstLine.test(line))).toBe(true)
    expect(['[metadata]', '[tool.net]', 'net', '[nets]'].some(line => firstLine.test(line))).toBe(false)
  })

  it('have a configuration', () => {
    for (const { configuration } of languages) {
      expect(JSON.parse(readFileSync(configuration, 'utf8')).comments.lineComment).toBe('#')
    }
  })
})
