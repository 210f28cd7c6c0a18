import { createInterface } from 'node:readline'
import type { Analysis } from '../analysis/analyze'
import { jsonModel, jsonProblems } from '../features/reportJson'
import { openText, readText } from './read'
import type { Streams } from './streams'

/**
 * One JSON request a line in, one JSON answer a line out; a bad line is answered too. Everything stays in this thread:
 * an analysis takes a few milliseconds, less than handing its answer over to another thread.
 */
export async function batch({ stdin, stdout }: Streams): Promise<void> {
  const answer = answerer()
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    if (!stdout.write(`${JSON.stringify(answer(line))}\n`)) await new Promise(done => stdout.once('drain', done))
  }
}

/** Answers requests, remembering texts that were read before. Never throws. */
export function answerer(): (line: string) => object {
  const parsed = new Map<string, Analysis>()
  return line => {
    let id: unknown = null
    try {
      const request = toRequest(JSON.parse(line))
      id = request.id
      const start = performance.now()
      const text = readText(request.file)
      const before = parsed.get(request.file)
      const analysis = openText(request.file, text, request, before?.source.text === text ? before : undefined)
      remember(parsed, request.file, analysis)
      const choices = request.model === undefined ? analysis.models : [analysis.chosen]
      const models = choices.map(choice => analysis.model(choice)!)
      const body = {
        models: models.map(model => jsonModel(analysis, model)),
        problems: jsonProblems(
          analysis,
          models.flatMap(model => model.problems),
        ),
      }
      return { id, ...body, ms: Math.round((performance.now() - start) * 1000) / 1000 }
    } catch (error) {
      id ??= idOf(line)
      return { id, error: error instanceof Error ? error.message : String(error) }
    }
  }
}

interface Request {
  readonly id: unknown
  readonly file: string
  readonly model?: string
  readonly input?: readonly string[]
  readonly pythonPath?: readonly string[]
}

function toRequest(value: unknown): Request {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('The request is no object.')
  const { id = null, file, model, input, pythonPath } = value as Record<string, unknown>
  const wrong = (key: string, wanted: string): Error => new Error(`The request's ${key} expects ${wanted}.`)
  if (typeof file !== 'string') throw wrong('file', 'a path')
  if (model !== undefined && model !== null && typeof model !== 'string') throw wrong('model', 'a name')
  const shapes = typeof input === 'string' ? [input] : (input ?? [])
  if (!Array.isArray(shapes) || shapes.some(shape => typeof shape !== 'string'))
    throw wrong('input', 'a list of shapes')
  const folders = pythonPath ?? []
  if (!Array.isArray(folders) || folders.some(folder => typeof folder !== 'string'))
    throw wrong('pythonPath', 'a list of folders')
  return { id, file, ...(typeof model === 'string' ? { model } : {}), input: shapes, pythonPath: folders }
}

/** The id of a request that is wrong in other ways. */
function idOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { id?: unknown } | null)?.id ?? null
  } catch {
    return null
  }
}

/** Keeps the files that were asked for last, so that a long batch does not keep them all. */
function remember(parsed: Map<string, Analysis>, file: string, analysis: Analysis): void {
  parsed.delete(file)
  parsed.set(file, analysis)
  if (parsed.size > KEPT) parsed.delete(parsed.keys().next().value!)
}

const KEPT = 16
