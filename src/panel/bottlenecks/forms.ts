import type { PanelForm } from '../../protocol/panel'

export const FORMS: readonly { readonly value: PanelForm; readonly label: string }[] = [
  { value: 'reduce', label: 'reduce' },
  { value: 'bottleneck', label: 'bottleneck' },
  { value: 'expand', label: 'expand' },
  { value: 'separable', label: 'separable' },
]

export const FORM_TEXT: Readonly<Record<PanelForm, string>> = {
  bottleneck: 'Each k×k layer becomes 1×1 to r channels, k×k at r, 1×1 out again.',
  reduce: 'Each k×k layer becomes 1×1 to r channels, then k×k to its outputs.',
  expand: 'Each k×k layer becomes k×k to r channels, then 1×1 to its outputs.',
  separable: 'Each k×k layer becomes k×k on every channel alone, then 1×1 to its outputs.',
}
