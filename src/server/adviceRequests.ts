import type { Device } from '../analysis/advice'
import type { Analysis } from '../analysis/analyze'
import { panelApplied, panelBudget } from '../features/panelApplied'
import { panelProposal } from '../features/panelProposal'
import { REQUESTS } from '../protocol'
import type { AdviceParams, AppliedParams, BudgetParams, ProposalParams } from '../protocol/panelAdvice'
import type { Server } from './start'

/** Answers what the Bottlenecks tab asks: one proposal, several together, a budget. */
export function adviceRequests(
  { connection, settings, guard }: Pick<Server, 'connection' | 'settings' | 'guard'>,
  read: (uri: string) => { readonly analysis: Analysis | undefined; readonly version: number },
): void {
  const answer = <P extends AdviceParams, R>(
    name: 'proposal' | 'applied' | 'budget',
    make: (analysis: Analysis | undefined, params: P, version: number, own: readonly Device[]) => R | null,
  ): void => {
    const handle = guard(name, null, (params: P): R | null => {
      const { analysis, version } = read(params.uri)
      const { unit, device, devices } = settings()
      return make(analysis, { ...params, unit: params.unit ?? unit, device: params.device ?? device }, version, devices)
    })
    connection.onRequest(REQUESTS[name], handle)
  }
  answer<ProposalParams, ReturnType<typeof panelProposal>>('proposal', panelProposal)
  answer<AppliedParams, ReturnType<typeof panelApplied>>('applied', panelApplied)
  answer<BudgetParams, ReturnType<typeof panelBudget>>('budget', panelBudget)
}
