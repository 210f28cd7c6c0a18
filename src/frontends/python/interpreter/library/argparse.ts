import { call } from '../call'
import { items } from '../iterate'
import { type Run, raise } from '../run'
import { floatClass, intClass, list, nativeClass, nativeMethod, pyModule, tuple } from '../types'
import { asString, type Kwargs, PyObject, PyUnknown, type PyValue } from '../values'

/** Its attributes are the arguments; where it is open the command line may say more. */
class PyNamespace extends PyObject {
  open = false
}
const namespaceClass = nativeClass('Namespace', undefined, 'argparse')
namespaceClass.create = cls => new PyNamespace(cls)
namespaceClass.dict.set(
  '__init__',
  nativeMethod('__init__', (_, [self], kwargs) => {
    ;(self as PyObject).attrs = new Map(kwargs)
    return null
  }),
)
namespaceClass.dict.set(
  '__contains__',
  nativeMethod('__contains__', (_, [self, name]) => {
    const { attrs, open } = self as PyNamespace
    return attrs?.has(asString(name ?? null) ?? '') ? true : open ? notGiven('it') : false
  }),
)
namespaceClass.dict.set(
  '__getattr__',
  nativeMethod('__getattr__', (_, [self, given]) => {
    const name = asString(given ?? null) ?? 'it'
    if ((self as PyNamespace).open) return notGiven(name)
    return raise('AttributeError', `'Namespace' object has no attribute '${name}'`)
  }),
)

/** What `add_argument` said of an option that may be given. */
interface Option {
  readonly name: string
  readonly type: PyValue
  /** What it stands for by itself; undefined where a value follows it. */
  readonly flag: PyValue | undefined
  /** Whether several values follow it. */
  readonly many: boolean
}

class PyParser extends PyObject {
  readonly values = new Map<string, PyValue>()
  readonly options = new Map<string, Option>()
  /** Something was added of which it is not known what. */
  open = false
}
const parserClass = nativeClass('ArgumentParser', undefined, 'argparse')
parserClass.create = cls => new PyParser(cls)

/**
 * Command lines. A script is read as if it were started without arguments, so that its options have their defaults; what
 * must be given, and a number without a default, is not known. Arguments that the program itself hands over are read.
 */
export const argparseModule = pyModule(
  'argparse',
  [
    ['ArgumentParser', parserClass],
    ['Namespace', namespaceClass],
    ['REMAINDER', '...'],
    ['SUPPRESS', '==SUPPRESS=='],
    ['OPTIONAL', '?'],
    ['ZERO_OR_MORE', '*'],
    ['ONE_OR_MORE', '+'],
    ['BooleanOptionalAction', 'boolean'],
  ],
  name => (name.startsWith('__') ? undefined : new PyUnknown(`argparse.${name} is not modelled`, true)),
)

const notGiven = (name: string): PyUnknown =>
  new PyUnknown(`${name} is an argument of the command line that is not known`, true)

const method = (
  name: string,
  body: (run: Run, self: PyParser, args: readonly PyValue[], kwargs: Kwargs) => PyValue,
): void =>
  void parserClass.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args], kwargs) =>
      self instanceof PyParser ? body(run, self, args, kwargs) : notGiven('it'),
    ),
  )

method('__init__', (run, self, _args, kwargs) => {
  for (const parent of items(run, kwargs.get('parents') ?? tuple([])) ?? []) {
    if (parent instanceof PyParser) {
      for (const [name, value] of parent.values) self.values.set(name, value)
      for (const [flag, option] of parent.options) self.options.set(flag, option)
    } else self.open = true
  }
  return null
})
method('add_argument', (run, self, args, kwargs) => {
  const flags = args.map(asString).filter(f => f !== null)
  const name = asString(kwargs.get('dest') ?? null) ?? destination(flags)
  if (name === null || flags.length < args.length) self.open = true
  else add(run, self, name, flags, kwargs)
  return null
})
method('set_defaults', (_, self, _args, kwargs) => {
  for (const [name, value] of kwargs) self.values.set(name, value)
  return null
})
method('get_default', (_, self, [name]) => self.values.get(asString(name ?? null) ?? '') ?? null)
method('parse_args', (run, self, args, kwargs) => parse(run, self, args[0] ?? kwargs.get('args') ?? null))
method('parse_known_args', (run, self, args, kwargs) =>
  tuple([parse(run, self, args[0] ?? kwargs.get('args') ?? null), list([])]),
)
method('add_argument_group', (_, self) => self)
method('add_mutually_exclusive_group', (_, self) => self)
// Which of the commands is given is not known, nor what their options are then.
method('add_subparsers', (_, self, _args, kwargs) => {
  const name = asString(kwargs.get('dest') ?? null)
  if (name !== null) self.values.set(name, notGiven(name))
  self.open = true
  return self
})
method('add_parser', () => new PyParser(parserClass))
for (const name of ['print_help', 'print_usage', 'register', 'error', 'exit']) method(name, () => null)

/** The name of `--batch-size`, `-b` or `data` in the namespace. */
function destination(flags: readonly string[]): string | null {
  const flag = flags.find(f => f.startsWith('--')) ?? flags[0]
  return flag === undefined ? null : flag.replace(/^-+/, '').replaceAll('-', '_')
}

function add(run: Run, self: PyParser, name: string, flags: readonly string[], kwargs: Kwargs): void {
  const action = kwargs.get('action') ?? 'store'
  const type = kwargs.get('type') ?? null
  const count = kwargs.get('nargs') ?? null
  const flag =
    action === 'store_true' || action === 'boolean'
      ? true
      : action === 'store_false'
        ? false
        : action === 'store_const'
          ? (kwargs.get('const') ?? null)
          : undefined
  const takes = action === 'store' || action === 'append' || typeof action !== 'string'
  const positional = !flags.some(f => f.startsWith('-'))
  const given = kwargs.get('default')
  const required = kwargs.get('required') === true
  let value: PyValue = given ?? null
  // What must be given is given: its default is never taken.
  if (required && takes) value = notGiven(name)
  else if (given === undefined) {
    const asked = positional && count !== '?' && count !== '*'
    if (action === 'store_true') value = false
    else if (action === 'store_false') value = true
    else if (takes && (asked || type === intClass || type === floatClass)) value = notGiven(name)
  } else if (given !== null && asString(given) !== null) value = converted(run, type, given)
  if (action === 'help' || action === 'version' || given === '==SUPPRESS==') return
  self.values.set(name, value)
  for (const f of flags) self.options.set(f, { name, type, flag, many: count !== null && count !== '?' })
}

/** A text as `type` reads it. */
const converted = (run: Run, type: PyValue, text: PyValue): PyValue => (type === null ? text : call(run, type, [text]))

/** The namespace of the defaults and of the words that the program gives, `null` where it takes those of the shell. */
function parse(run: Run, self: PyParser, words: PyValue): PyValue {
  const made = new PyNamespace(namespaceClass)
  made.open = self.open
  made.attrs = new Map(self.values)
  const texts = words === null ? [] : (items(run, words)?.map(asString) ?? [null])
  if (texts.includes(null)) {
    for (const { name } of self.options.values()) made.attrs.set(name, notGiven(name))
    return made
  }
  for (let i = 0; i < texts.length; ) {
    const [flag, inline] = texts[i++]!.split(/=(.*)/s) as [string, string?]
    const option = self.options.get(flag)
    if (!option) continue
    const { name, type, many } = option
    if (option.flag !== undefined) {
      made.attrs.set(name, option.flag)
      continue
    }
    const values = inline === undefined ? [] : [converted(run, type, inline)]
    while (inline === undefined && i < texts.length && !self.options.has(texts[i]!) && (many || values.length === 0))
      values.push(converted(run, type, texts[i++]!))
    made.attrs.set(name, many ? list(values) : (values[0] ?? notGiven(name)))
  }
  return made
}
