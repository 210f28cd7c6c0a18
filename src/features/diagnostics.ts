/**
 * What does not fit together, said with both numbers, and where the other side of it stands:
 *
 *   - {type: Conv2d, name: conv5, in_channels: 128, out_channels: 64, kernel_size: 3}
 *                                              ~~~ conv5 expects 128 input channels and gets 256: N×256×28×28 from conv4.
 *                                                  ConvLens(shape-mismatch)
 */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import type { Problem, ProblemCode, Severity } from '../core/problem'
import { toRange } from './ranges'

export const SOURCE = 'ConvLens'

/** Every problem of the text and of the shown model. */
export function diagnostics(analysis: Analysis): Diagnostic[] {
  return problemsOf(analysis).map(problem => toDiagnostic(problem, analysis))
}

/** Of a program that does not parse only what is wrong with its text: a statement that is lost may be what others miss. */
export function problemsOf(analysis: Analysis): readonly Problem[] {
  const ofText = [...analysis.file.problems, ...analysis.directive.problems]
  const model = analysis.model()
  const isProgram = model?.bindings !== undefined
  if (!model || (isProgram && ofText.some(({ code }) => code === 'syntax'))) return ofText
  return model.problems
}

export function toDiagnostic({ code, severity, span, message, related }: Problem, analysis: Analysis): Diagnostic {
  const { lineStarts, source } = analysis
  return {
    range: toRange(lineStarts, span),
    severity: SEVERITIES[severity],
    code,
    codeDescription: { href: documentation(code) },
    source: SOURCE,
    message,
    ...(related?.length
      ? {
          relatedInformation: related.map(other => ({
            location: { uri: source.uri, range: toRange(lineStarts, other.span) },
            message: other.message,
          })),
        }
      : {}),
  }
}

/** Where the README explains a code. */
export const documentation = (code: ProblemCode): string => `https://github.com/convlens/convlens#${code}`

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}
