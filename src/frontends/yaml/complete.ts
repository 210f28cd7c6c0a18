import type { CompletionEntry, Source } from '../frontend'

export const completeLayerList = (_source: Source, _offset: number): readonly CompletionEntry[] => []
