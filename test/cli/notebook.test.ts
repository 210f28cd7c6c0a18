import { describe, expect, test } from 'vitest'
import { CELLS, notebookFile } from '../support/notebook'
import { convlens, file } from './terminal'

const net = (): string => file('net.ipynb', notebookFile(['md:# A net', CELLS[0], CELLS[1], 'md:more', CELLS[2]]))

describe('a notebook at the command line', () => {
  test('is printed cell by cell, as it is written, with its hints', async () => {
    const { out, status } = await convlens(['annotate', net()])
    expect(status).toBe(1)
    const lines = out.split('\n')
    expect(lines.slice(0, 5)).toEqual([
      '# %% cell 1',
      '%matplotlib inline',
      '!pip install timm',
      'import torch',
      'from torch import nn',
    ])
    expect(lines).toContain('        self.conv = nn.Conv2d(3, width, 3, padding=1)   N×4×8×8 · 112 params · 6.9k MACs')
    expect(out).toContain('# %% cell 3\n%%time\nclass Net')
    expect(out).toContain('Net()(torch.randn(1, 3, 8, 8))')
  })

  test('has its problems in a cell and a line of it', async () => {
    const { out } = await convlens(['annotate', net()])
    expect(out).toMatch(/net\.ipynb:cell 3:10:16: error: fc expects 5 input features and gets 4\b/)
  })

  test('is reported with cells beside lines', async () => {
    const table = await convlens(['analyze', net()])
    expect(table.out).toMatch(/conv .*6\.9k .* 2:4$/m)
    const json = JSON.parse((await convlens(['analyze', '--format', 'json', net()])).out)
    const [model] = json.files[0].models
    expect(model).toMatchObject({ name: 'Net', cell: 3, line: 2 })
    expect(model.layers[0]).toMatchObject({ path: 'stem.conv', cell: 2, line: 7, declaredCell: 2, declaredLine: 4 })
    expect(model.bindings[0]).toMatchObject({ cell: 2, line: 6, name: 'x' })
    expect(json.files[0].problems[0]).toMatchObject({ cell: 3, line: 10, column: 16, endLine: 10 })
    const csv = await convlens(['analyze', '--format', 'csv', net()])
    expect(csv.out).toMatch(/,stem\.conv,Conv2d,conv2d,2:7,/)
  })

  test('is checked at the lines of its file where that is what is asked for', async () => {
    const path = net()
    const text = notebookFile(['md:# A net', CELLS[0], CELLS[1], 'md:more', CELLS[2]])
    const line = text.split('\n').findIndex(written => written.includes('return self.fc(x)')) + 1
    const github = await convlens(['check', '--format', 'github', path])
    expect(github.out).toContain(`line=${line},endLine=${line},title=`)
    const sarif = JSON.parse((await convlens(['check', '--format', 'sarif', path])).out)
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.region).toEqual({ startLine: line, endLine: line })
  })

  test('is answered in a batch', async () => {
    const { out } = await convlens(['batch'], { input: `${JSON.stringify({ id: 7, file: net() })}\n` })
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ id: 7, models: [{ name: 'Net', cell: 3 }] })
    expect(answer.problems[0]).toMatchObject({ cell: 3, line: 10 })
  })

  test('says nothing of names, which cells that run in another order may bind', async () => {
    const late = file(
      'late.ipynb',
      notebookFile([CELLS[0], 'print(width)', CELLS[1], 'Stem(4)(torch.randn(1, 3, 8, 8))']),
    )
    const { out, status } = await convlens(['check', late])
    expect(out).not.toContain('NameError')
    expect(status).toBe(0)
  })

  test.each([
    ['{"cells": [', 'no JSON from line 1, column 12 on: the text ends early'],
    ['{}', 'no list of cells'],
    [notebookFile(['print(1)']), 'no network'],
    [notebookFile(['x <- 1'], { kernelspec: { language: 'R' } }), 'not in Python'],
    ['', 'the file is empty'],
  ])('that is none says why: %.20j', async (text, reason) => {
    const { status, err } = await convlens(['check', file('bad.ipynb', text)])
    expect(status).toBe(2)
    expect(err).toContain(reason)
  })
})
