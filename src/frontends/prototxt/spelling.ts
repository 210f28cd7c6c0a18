/** A word of the file as messages show it. */
export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
