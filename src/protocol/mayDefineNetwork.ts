/**
 * Whether a text may define a network: a test so cheap that it runs on every YAML, JSON, prototxt and Python file before anything is
 * started. It says yes to some files that define none (the server then looks closer), and never no to one that does.
 */
export function mayDefineNetwork(text: string, languageId: string): boolean {
  const head = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
  if (/(?:#|\/\/)[ \t]*convlens:/.test(head)) return true
  if (languageId === 'python') return PYTHON.test(head)
  if (languageId === 'prototxt') return PROTOTXT.test(head)
  if (languageId === 'json') return JSON_MODEL.test(head) || JSON_MODEL.test(text.slice(-MOST_CHARACTERS))
  return languageId === 'yaml' ? YAML.test(head) : CFG.test(head)
}

/** Languages of the documents that are looked at; beside them every `.cfg`, whatever language an editor takes it for. */
export const LANGUAGES = ['yaml', 'darknet-cfg', 'prototxt', 'python', 'json'] as const

/** A key that lists layers, with a list, a mapping or nothing yet behind it; or a text that is one flow mapping, or rows alone. */
const YAML =
  /^[ \t]*["']?(?:layers|model|network|module|backbone|head|blocks)["']?[ \t]*:[ \t]*(?:[[{&#|\r\n]|$)|^[ \t]*\{|^-[ \t]+type[ \t]*:/m
/** An import of torch, keras or tensorflow or of what is built on one under its name, or a class that names nn.Module. */
const PYTHON = /\b(?:from|import)[ \t]{1,8}[\w., \t]{0,80}\b(?:torch|(?:tf_)?keras|tensorflow)|\bnn\.Module\b/
/** A layer or an input, also one that is being typed. */
const PROTOTXT = /^\s*(?:l(?:ayers?|aye|ay|a)?\s*$|name\s*:|input)|(?:^|[\s}])layers?\s{0,9}(?::\s{0,9})?[{<]/
/** A class of Keras' models: it stands before the layers, or in a sorted file behind other keys. */
const JSON_MODEL = /"class_name"\s{0,9}:\s{0,9}"(?:Sequential|Model|Functional|Graph)"/
const CFG = /^[ \t]*\[(?:net|network|convolutional)\]/m

/** A network says what it is well before this. */
const MOST_CHARACTERS = 200_000
