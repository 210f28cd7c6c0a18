import type { ModelAnalysis } from '../analysis/analyze'
import { formatCount, formatExact } from '../base/format'
import { type JsonProblem, jsonProblems } from '../features/reportJson'
import type { Read } from './analyze'
import { placeText, totalsLine } from './annotate'
import { prettyJson } from './json'

export const CHECK_FORMATS = ['table', 'json', 'github', 'sarif'] as const
export type CheckFormat = (typeof CHECK_FORMATS)[number]

/** Bounds from the command line; the file's own directive counts besides. */
export interface Budgets {
  readonly maxParams?: number
  readonly maxMacs?: number
}

/** What a check found in one file. It fails on errors and on missed budgets; the other findings are remarks. */
export interface Checked {
  readonly file: string
  readonly model: ModelAnalysis
  readonly findings: readonly (JsonProblem & { readonly fails: boolean })[]
}

export function check({ file, analysis, models }: Read, budgets: Budgets): Checked {
  const model = models[0]!
  const found = jsonProblems(analysis, model.problems)
  const own = (['params', 'macs'] as const).flatMap(of => {
    const most = of === 'params' ? budgets.maxParams : budgets.maxMacs
    const have = model.totals[of]
    if (most === undefined || have <= most) return []
    const unit = of === 'params' ? 'params' : 'MACs'
    const message = `${model.name} has ${formatCount(have)} ${unit}, ${formatCount(have - most)} over the budget of ${formatCount(most)} (${formatExact(have)} of ${formatExact(most)}).`
    const [at] = jsonProblems(analysis, [{ code: 'over-budget', severity: 'error', span: model.choice.span, message }])
    return [at!]
  })
  const fails = ({ severity, code }: JsonProblem): boolean => severity === 'error' || code === 'over-budget'
  return { file, model, findings: [...own, ...found].map(finding => ({ ...finding, fails: fails(finding) })) }
}

export const failed = (results: readonly Checked[]): boolean => results.some(r => r.findings.some(f => f.fails))

/** The result in words, a line a finding and one a file. */
export function checkTable(results: readonly Checked[]): string {
  return results
    .flatMap(({ file, model, findings }) => [
      ...findings.map(f => `${placeText(file, f)}: ${f.fails ? 'error' : f.severity}: ${f.message}`),
      `${file}: ${findings.some(f => f.fails) ? 'fails' : 'passes'}. ${totalsLine(model)}`,
    ])
    .map(line => `${line}\n`)
    .join('')
}

export function checkJson(results: readonly Checked[]): string {
  const files = results.map(({ file, model, findings }) => ({
    file,
    model: model.name,
    passed: !findings.some(f => f.fails),
    totals: { params: model.totals.params, macs: model.totals.macs, completeness: model.totals.completeness },
    problems: findings.map(({ fails: _, ...problem }) => problem),
  }))
  return `${prettyJson({ schemaVersion: 1, passed: !failed(results), files })}\n`
}

/** Workflow commands, which GitHub shows beside the lines of a change (docs.github.com, "Workflow commands"). */
export function checkGithub(results: readonly Checked[]): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  return results
    .flatMap(({ file, findings }) =>
      findings.map(({ fails, severity, code, message, ...place }) => {
        const { line, endLine, column, endColumn } = inFile(place)
        const command = fails ? 'error' : severity === 'warning' ? 'warning' : 'notice'
        // GitHub marks columns only within one line.
        const columns = column !== undefined && endLine === line ? `,col=${column},endColumn=${endColumn}` : ''
        const at = `file=${property(file)},line=${line},endLine=${endLine}${columns}`
        return `::${command} ${at},title=${property(`ConvLens: ${code}`)}::${data(message)}\n`
      }),
    )
    .join('')
}

/** SARIF 2.1.0 (docs.oasis-open.org/sarif), for code scanning. */
export function checkSarif(results: readonly Checked[], version: string): string {
  const findings = results.flatMap(({ file, findings }) => findings.map(finding => ({ file, finding })))
  const rules = [...new Set(findings.map(f => f.finding.code))].sort().map(id => ({ id }))
  const level = ({ fails, severity }: Checked['findings'][number]): string =>
    fails ? 'error' : severity === 'warning' ? 'warning' : 'note'
  const run = {
    tool: { driver: { name: 'ConvLens', version, rules } },
    columnKind: 'utf16CodeUnits',
    results: findings.map(({ file, finding }) => ({
      ruleId: finding.code,
      level: level(finding),
      message: { text: finding.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(file.replaceAll('\\', '/')) },
            region: region(finding),
          },
        },
      ],
    })),
  }
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json'
  return `${prettyJson({ $schema: schema, version: '2.1.0', runs: [run] })}\n`
}

/**
 * Where a finding is in the file itself. A notebook's file holds its cells as JSON: there a line of a cell is one of the
 * file, and columns differ.
 */
function inFile({
  line,
  column,
  endLine,
  endColumn,
  fileLine,
}: Place): Partial<Place> & Pick<Place, 'line' | 'endLine'> {
  return fileLine === undefined ? { line, column, endLine, endColumn } : { line: fileLine, endLine: fileLine }
}

type Place = Pick<JsonProblem, 'line' | 'column' | 'endLine' | 'endColumn' | 'fileLine'>

function region(finding: JsonProblem): object {
  const { line, column, endLine, endColumn } = inFile(finding)
  return { startLine: line, startColumn: column, endLine, endColumn }
}
