/**
 * Whether a text may define a network: a test so cheap that it runs on every YAML file before anything is started. It
 * says yes to some files that define none (the server then looks closer), and never no to one that does.
 */
export function mayDefineNetwork(text: string, languageId: string): boolean {
  const head = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
  if (/(?:#|\/\/)[ \t]*convlens:/.test(head)) return true
  return languageId === 'yaml' ? YAML.test(head) : CFG.test(head)
}

/** Languages of the documents that are looked at. */
export const LANGUAGES = ['yaml', 'darknet-cfg'] as const

/** A key that lists layers, with a list, a mapping or nothing yet behind it; or a text that is one flow mapping, or rows alone. */
const YAML =
  /^[ \t]*["']?(?:layers|model|network|module|backbone|head|blocks)["']?[ \t]*:[ \t]*(?:[[{&#|\r\n]|$)|^[ \t]*\{|^-[ \t]+type[ \t]*:/m
const CFG = /^[ \t]*\[(?:net|network|convolutional)\]/m

/** A network says what it is well before this. */
const MOST_CHARACTERS = 200_000
