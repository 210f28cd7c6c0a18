import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { frontEnds } from '../../src/frontends'
import { mayDefineNetwork } from '../../src/protocol/mayDefineNetwork'
import { longTexts } from '../support/generate'

const LANGUAGE_OF: Readonly<Record<string, string>> = {
  '.cfg': 'darknet-cfg',
  '.py': 'python',
  '.prototxt': 'prototxt',
  '.json': 'json',
}
const root = path.resolve(import.meta.dirname, '../..')

describe('the test that runs before anything is started', () => {
  it.each([
    ['layers:\n  - Conv2d', 'yaml'],
    ['model:\n  - type: Linear', 'yaml'],
    ['layers: [ReLU]', 'yaml'],
    ['layers:', 'yaml'],
    ['layers:\r\n- ReLU', 'yaml'],
    ['nc: 80\nbackbone:\n', 'yaml'],
    ['"backbone": [[-1, 1, Conv, [64]]]', 'yaml'],
    ['{layers: [ReLU]}', 'yaml'],
    ['# convlens: input=3x8x8\n', 'yaml'],
    ['[net]\nwidth=3', 'darknet-cfg'],
    [' [convolutional]\n', 'ini'],
    ['layer {\n  name: "conv1"\n', 'prototxt'],
    ['# Net\nname: "a" layers{ }', 'prototxt'],
    ['lay', 'prototxt'],
    ['import torch\n', 'python'],
    ['import math, torch.nn as nn', 'python'],
    ['try:\n    from torch import nn\nexcept ImportError: pass', 'python'],
    ['from torchvision.models import resnet50', 'python'],
    ['from .base import nn\n\nclass Net(nn.Module): pass', 'python'],
    ['# convlens: model=Net\nfrom blocks import Net', 'python'],
    ['import keras\n', 'python'],
    ['from tensorflow.keras import layers', 'python'],
    ['import tensorflow as tf', 'python'],
    ['{"class_name": "Sequential", "config": []}', 'json'],
    [`{"backend": "${'x'.repeat(300_000)}", "class_name":"Functional"}`, 'json'],
  ])('says yes to %j', (text, language) => expect(mayDefineNetwork(text, language)).toBe(true))

  it.each([
    ['', 'yaml'],
    ['services:\n  web:\n    image: nginx\n', 'yaml'],
    ['model: gpt-9\nsteps: 3\n', 'yaml'],
    ['on: push\njobs:\n  build:\n    runs-on: ubuntu\n', 'yaml'],
    ['[metadata]\nname = x\n', 'ini'],
    ['net: "train.prototxt"\nbase_lr: 0.01\nsnapshot_prefix: "layers"\n', 'prototxt'],
    ['item {\n  name: "cat"\n  label: 1\n}\n', 'prototxt'],
    ['import os\nimport sys\n', 'python'],
    ['# a port of pytorch code, without the torch\nimport numpy as np\n', 'python'],
    ['torchlight = 3', 'python'],
    ['{"name": "a package", "version": "1.0.0"}', 'json'],
    ['{"class_name": "Lesson"}', 'json'],
  ])('says no to %j', (text, language) => expect(mayDefineNetwork(text, language)).toBe(false))

  it('says yes to every file that a front end reads', () => {
    const files = ['examples', 'test/fixtures', 'test/vscode/workspace', '../shared/corpora']
      .map(folder => path.join(root, folder))
      .filter(existsSync)
      .flatMap(folder =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(file => path.join(folder, file)),
      )
      .filter(file => /\.(ya?ml|cfg|py|prototxt|json)$/.test(file))
    const missed = files.filter(file => {
      const text = readFileSync(file, 'utf8')
      const languageId = LANGUAGE_OF[path.extname(file)] ?? 'yaml'
      const read = frontEnds.some(f => f.detect({ uri: '', name: path.basename(file), text, languageId }))
      return read && !mayDefineNetwork(text, languageId)
    })
    expect(files.length).toBeGreaterThan(0)
    expect(missed).toEqual([])
    for (const make of Object.values(longTexts)) {
      const { name, text } = make(3)
      expect(mayDefineNetwork(text, LANGUAGE_OF[path.extname(name)] ?? 'yaml')).toBe(true)
    }
  })
})
