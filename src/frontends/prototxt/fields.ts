import type { Message, Scalar } from './parse'

/** The first field of a name that holds a value: Caffe takes no second one where one is meant. */
export function scalarOf(message: Message | undefined, name: string): Scalar | undefined {
  for (const field of message?.fields ?? [])
    if (field.name === name && field.value.kind !== 'message') return field.value
  return undefined
}

/** The first message of a name. */
export function messageOf(message: Message | undefined, name: string): Message | undefined {
  for (const field of message?.fields ?? [])
    if (field.name === name && field.value.kind === 'message') return field.value
  return undefined
}

export const scalarsOf = (message: Message | undefined, name: string): readonly Scalar[] =>
  (message?.fields ?? []).flatMap(({ name: own, value }) => (own === name && value.kind !== 'message' ? [value] : []))

export const messagesOf = (message: Message | undefined, name: string): readonly Message[] =>
  (message?.fields ?? []).flatMap(({ name: own, value }) => (own === name && value.kind === 'message' ? [value] : []))

export const textOf = (message: Message | undefined, name: string): string => scalarOf(message, name)?.text ?? ''
