import { lineNumber } from './lines'
import type { JsonFile, JsonLayer, JsonShape } from './reportJson'

/** Every call of every model as comma-separated values (RFC 4180), in whole numbers; unknown cells hold `?`. */
export function reportCsv(files: readonly JsonFile[]): string {
  const rows = files.flatMap(file =>
    file.models.flatMap(model => model.layers.map(layer => cells(file.file, model.name, layer))),
  )
  return [HEAD, ...rows].map(row => `${row.map(quote).join(',')}\r\n`).join('')
}

/**
 * One cell: quoted where it holds a comma, a quote or a line end; text that a spreadsheet would run as a formula is
 * led in by an apostrophe.
 */
export function quote(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const HEAD = 'file,model,path,type,op,line,inputs,outputs,params,macs,stride,receptive_field'.split(',')

function cells(file: string, model: string, layer: JsonLayer): (string | number)[] {
  const { path, type, op, inputs, outputs, params, macs, stride, receptiveField } = layer
  const many = (value: JsonLayer['receptiveField']): string | number =>
    value === null ? '?' : Array.isArray(value) ? value.join('x') : (value as string | number)
  return [
    file,
    model,
    path,
    type,
    op,
    lineNumber(layer),
    inputs.map(sizes).join(' '),
    outputs.map(sizes).join(' '),
    params ?? '?',
    macs ?? '?',
    receptiveField === 'all' ? 'all' : many(stride),
    many(receptiveField),
  ]
}

const sizes = (shape: JsonShape): string => (shape === '?' ? '?' : shape.join('x') || 'scalar')
