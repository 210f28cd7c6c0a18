import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { faultLine, sentence } from '../analysis/damage'
import { plural } from '../base/format'
import { positionAt } from '../base/text'
import type { Problem } from '../core/problem'
import type { PanelBanner } from '../protocol/panel'
import { lineWords, placeIn } from './lines'
import { callsText, uncountedLines } from './uncountedLines'

/** Lines of a list before it says how many more there are. */
const LISTED = 8

/** What the reader must know before the numbers: what does not parse, does not fit, is not counted. */
export function panelBanners(analysis: Analysis, model: ModelAnalysis): PanelBanner[] {
  const { behind } = analysis
  const line = (offset: number): number => {
    const { line: at } = positionAt(analysis.lineStarts, offset)
    return (behind ? behind.lineNow(at) : at) + 1
  }
  const banners: PanelBanner[] = []
  if (behind) {
    const text = `${sentence(behind)} These are the numbers before that.`
    banners.push({ ...plain('info'), text, line: behind.line + 1 })
  }
  const syntax = model.problems.filter(problem => problem.code === 'syntax')
  if (syntax[0]) banners.push(syntaxBanner(analysis, faultLine(analysis, syntax[0]), syntax.length))
  const errors = model.problems.filter(problem => problem.severity === 'error' && problem.code !== 'syntax')
  if (errors[0]) banners.push(errorBanner(errors[0], errors.length, line(errors[0].span.start)))
  const { stopped } = model.graph
  if (stopped !== null) {
    const where = model.problems.find(problem => problem.code === 'limit')
    banners.push({
      ...plain('warning'),
      title: `Stopped after ${stopped}.`,
      text: 'The rest is not counted. Totals carry ≥.',
      line: where ? line(where.span.start) : null,
    })
  }
  if (model.uncounted.length) banners.push(uncountedBanner(analysis, model, line))
  return banners
}

/** Whether part of the text could not be read at all. */
export const isBroken = (model: ModelAnalysis): boolean => model.problems.some(problem => problem.code === 'syntax')

function syntaxBanner(analysis: Analysis, at: number, count: number): PanelBanner {
  const others = count > 1 ? ` and ${plural(count - 1, 'other place')}` : ''
  const verb = count > 1 ? 'do' : 'does'
  const where = lineWords(placeIn(analysis, analysis.lineStarts[at] ?? 0))
  const text = `L${where.slice(1)}${others} ${verb} not parse yet. Numbers below leave ${count > 1 ? 'them' : 'it'} out.`
  return { ...plain('info'), text, line: at + 1 }
}

function errorBanner(problem: Problem, count: number, line: number): PanelBanner {
  const more = count > 1 ? ` ${plural(count - 1, 'more error')} in this file.` : ''
  const [, who, rest] = /^(\S+)( expects .*)$/s.exec(problem.message) ?? [null, '', problem.message]
  const taken = problem.code === 'shape-mismatch' ? ' After it, costs take its declared output.' : ''
  return { ...plain('error'), title: who!, text: rest!.trim() + taken + more, line }
}

function uncountedBanner({ source }: Analysis, model: ModelAnalysis, lineOf: (offset: number) => number): PanelBanner {
  const list = uncountedLines(model).map(({ node, what, reason, calls }) => ({
    line: node.origin.site.uri === undefined ? lineOf(node.origin.site.span.start) : null,
    text: `${what}: ${reason}${callsText(calls)}`,
  }))
  const report = [
    `${source.name}, ${model.name}: not counted`,
    ...list.map(entry => `- ${entry.line === null ? '' : `line ${entry.line}, `}${entry.text}`),
  ]
  return {
    ...plain('warning'),
    title: `${plural(list.length, 'line')} ${list.length === 1 ? 'is' : 'are'} not counted.`,
    text: 'Sums that pass through it carry ≥.'.replace('it', list.length === 1 ? 'it' : 'them'),
    list: list.slice(0, LISTED),
    more: Math.max(0, list.length - LISTED),
    report: report.join('\n'),
  }
}

const plain = (severity: PanelBanner['severity']): PanelBanner => ({
  severity,
  title: '',
  text: '',
  line: null,
  list: [],
  more: 0,
})
