/**
 * In forward code every line that binds a tensor says its shape, and its work where the line does some itself:
 *
 *   def forward(self, x):           x: N×3×224×224
 *       x = self.pool(F.relu(x))    N×64×56×56
 *       attn = q @ k                N×12×197×197 · 29.8M MACs
 *       return self.fc(x)           N×1000
 */
import type { Analysis, Binding, ModelAnalysis } from '../analysis/analyze'
import type { SiteSummary } from '../analysis/sites'
import { lazy } from '../base/lazy'
import { positionAt } from '../base/text'
import type { Shape } from '../core/shape'
import { formatCalls, type LabelOptions, type LabelPart, labelText, work } from './hintLabel'
import type { LineHint } from './hintLines'

/** Lines of forward code by number; empty for formats that are no programs. */
export function bindingHints(
  { lineStarts }: Analysis,
  model: ModelAnalysis,
  sites: ReadonlyMap<number, readonly SiteSummary[]>,
  options: LabelOptions,
): Map<number, LineHint> {
  const lines = new Map<number, Binding[]>()
  for (const binding of model.bindings ?? []) {
    const { line } = positionAt(lineStarts, binding.site.span.start)
    const here = lines.get(line)
    if (here) here.push(binding)
    else lines.set(line, [binding])
  }
  const hints = new Map<number, LineHint>()
  for (const [line, bindings] of lines) {
    const here = sites.get(line) ?? []
    if (here.some(isDeclaration)) continue
    // A screen shows a few of them.
    const parts = lazy(() => partsOf(bindings, here, model, options))
    hints.set(line, {
      line,
      offset: bindings[0]!.site.anchor,
      get parts() {
        return parts()
      },
      sites: here,
      bindings,
    })
  }
  return hints
}

/** A place that declares a layer: what it costs is written there, not where it is called. */
export const isDeclaration = ({ calls, unused }: SiteSummary): boolean =>
  unused.length > 0 || calls.some(call => call.called !== undefined)

function partsOf(
  bindings: readonly Binding[],
  sites: readonly SiteSummary[],
  model: ModelAnalysis,
  { maximumLength, unit }: LabelOptions,
): LabelPart[] {
  const shapes = (short: boolean): LabelPart => ({
    about: 'shape',
    text: bindings.map(binding => bindingText(binding, model, short)).join(', '),
  })
  const macs = sites.flatMap(s => s.calls).reduce((sum, call) => sum + (call.macs ?? 0), 0)
  const cost: LabelPart[] = macs > 0 ? [{ about: 'work', text: work(macs, unit) }] : []
  const reason = sites.flatMap(s => s.calls.flatMap(call => call.nodes)).find(node => node.unknown !== null)?.unknown
  const full = [shapes(false), ...(reason ? [{ about: 'reason', text: reason } as const] : cost)]
  if (maximumLength === 0 || labelText(full).length <= maximumLength) return full
  const short = [shapes(true), ...cost]
  return labelText(short).length <= maximumLength ? short : [shapes(true)]
}

/** `x: N×3×224×224 (assumed)` for a parameter, the shape alone for a name that is assigned. */
function bindingText(binding: Binding, model: ModelAnalysis, short: boolean): string {
  const calls = binding.shapes.flatMap(({ of, count }) =>
    Array.from({ length: Math.min(count, MOST_CALLS) }, (): readonly (Shape | null)[] => of),
  )
  const text = formatCalls(calls, short)
  if (!binding.parameter) return text
  return `${binding.name}: ${text}${isAssumedInput(binding, model) ? ' (assumed)' : ''}`
}

function isAssumedInput({ name, shapes }: Binding, { inputAssumed, inputs, graph }: ModelAnalysis): boolean {
  if (!inputAssumed || shapes.length !== 1) return false
  const at = inputs.findIndex(input => input.name === name)
  const shape = graph.inputs[at]?.shape
  return shape !== undefined && shapes[0]!.of[0] === shape
}

/** Calls beyond this are not told apart by number. */
const MOST_CALLS = 10_000
