import { closest, distance } from 'fastest-levenshtein'
import type { Span } from '../../../base/text'
import type { Problem } from '../../../core/problem'
import type { Correction } from '../../frontend'
import { layerMembers } from '../keras/layers'
import type { Found } from '../syntax/around'
import type * as ast from '../syntax/ast'
import { nnClasses } from '../torch/nn'
import { operations } from '../torch/operations'
import { argumentNames } from './layers'
import { below, callAt, lastName, pathTo, type Text } from './tree'

/** A name that is nearly one that there is. */
export function nameChanges(problem: Problem, file: Text): Correction[] {
  const { message, span } = problem
  const at = pathTo(file.module, span)
  const holder = (at.at(-1) ?? null) as Found | null
  if (!holder) return []
  const attribute = /^AttributeError: '(\w+)' object has no attribute '(\w+)'/.exec(message)
  if (attribute) return attributeChange(file, holder, attribute[1]!, attribute[2]!)
  const name = /^(?:NameError: name|UnboundLocalError: \D*) ?'(\w+)'/.exec(message)?.[1]
  if (name) return plainName(file, at, name)
  const keyword = /(?:unexpected keyword|has no) argument '?(\w+)'?/.exec(message)?.[1]
  if (keyword) return keywordChange(file, span, keyword)
  const member = /^(nn|F|torch|layers) has no (\w+)/.exec(message)
  if (member) return memberChange(holder, member[1]!, member[2]!)
  const cls = /^(\w+) has no forward/.exec(message)?.[1]
  return cls ? forwardChange(file, cls) : []
}

/** The known name that a wrong one most likely means: two letters off, or the beginning of one alone. */
export function near(wrong: string, known: Iterable<string>): string | null {
  const names = [...new Set(known)].filter(n => n !== wrong)
  if (names.length === 0 || wrong.length > 60) return null
  const same = names.find(n => n.toLowerCase() === wrong.toLowerCase())
  if (same) return same
  const guess = closest(wrong, names)
  const off = distance(wrong, guess)
  const rivals = names.filter(n => distance(wrong, n) === off)
  if (off <= Math.min(2, Math.floor(wrong.length / 3)) && rivals.length === 1) return guess
  const longer = names.filter(n => wrong.length >= 3 && n.startsWith(wrong)).sort((a, b) => a.length - b.length)
  const [shortest] = longer
  return shortest !== undefined && longer.every(n => n.startsWith(shortest)) ? shortest : null
}

const change = (from: string, to: string, span: Span): Correction[] => [
  { title: `Change ${from} to ${to}`, edits: [{ span, newText: to }], preferred: true },
]

/** `self.conv` where there is a `self.conv1`. */
function attributeChange(file: Text, holder: Found, cls: string, wrong: string): Correction[] {
  const known: string[] = []
  for (const node of below(file.module.body)) {
    if (node.kind !== 'ClassDef' || (node as unknown as ast.ClassDef).name !== cls) continue
    for (const inside of below((node as unknown as ast.ClassDef).body)) {
      if (inside.kind === 'FunctionDef') known.push((inside as unknown as ast.FunctionDef).name)
      if (inside.kind !== 'Assign') continue
      for (const t of (inside as unknown as ast.Assign).targets)
        if (t.kind === 'Attribute' && lastName(t.value) === 'self') known.push(t.name)
    }
  }
  const right = near(wrong, known)
  const used = [...below(holder)].filter(n => n.kind === 'Attribute' && (n as unknown as ast.Attribute).name === wrong)
  if (!right || used.length === 0) return []
  const edits = (used as unknown as ast.Attribute[]).map(({ nameStart }) => ({
    span: { start: nameStart, end: nameStart + wrong.length },
    newText: right,
  }))
  return [{ title: `Change ${wrong} to ${right}`, edits, preferred: true }]
}

/** A name that the functions around and the module do not bind. */
function plainName(file: Text, path: readonly Found[], wrong: string): Correction[] {
  const known: string[] = []
  for (const node of path) {
    if (node.kind !== 'FunctionDef') continue
    const { parameters: p, body } = node as unknown as ast.FunctionDef
    known.push(...[...p.positionalOnly, ...p.positional, ...p.keywordOnly].map(x => x.name))
    known.push(...bound(body))
  }
  known.push(...bound(file.module.body, true))
  const holder = path.at(-1)!
  const used = [...below(holder)].filter(n => n.kind === 'Name' && (n as unknown as ast.Name).id === wrong)
  const right = near(wrong, known)
  if (!right || used.length === 0) return []
  const edits = used.map(({ start, end }) => ({ span: { start, end }, newText: right }))
  return [{ title: `Change ${wrong} to ${right}`, edits, preferred: true }]
}

function bound(body: readonly ast.Statement[], flat = false): string[] {
  const names: string[] = []
  for (const s of flat ? body : ([...below(body)] as unknown as ast.Statement[])) {
    if (s.kind === 'Assign') for (const t of s.targets) if (t.kind === 'Name') names.push(t.id)
    if (s.kind === 'FunctionDef' || s.kind === 'ClassDef') names.push(s.name)
    if (s.kind === 'Import' || s.kind === 'ImportFrom')
      names.push(...s.names.map(n => n.alias ?? n.name.split('.')[0]!))
  }
  return names
}

/** `pad=1` of a layer whose argument is `padding`. */
function keywordChange(file: Text, span: Span, wrong: string): Correction[] {
  const call = callAt(file, span)
  const argument = call?.args.find(a => a.name === wrong)
  const name = call ? (lastName(call.func) ?? '') : ''
  const right = argument && near(wrong, argumentNames(name) ?? parametersOf(file, name))
  return right ? change(wrong, right, { start: argument!.start, end: argument!.start + wrong.length }) : []
}

/** The parameters of the function, or of the class's initializer, of that name. */
function parametersOf(file: Text, name: string): string[] {
  for (const node of below(file.module.body)) {
    if (node.kind !== 'ClassDef' && node.kind !== 'FunctionDef') continue
    const definition = node as unknown as ast.ClassDef | ast.FunctionDef
    if (definition.name !== name) continue
    const func =
      definition.kind === 'FunctionDef'
        ? definition
        : definition.body.find((s): s is ast.FunctionDef => s.kind === 'FunctionDef' && s.name === '__init__')
    if (func) return [...func.parameters.positional, ...func.parameters.keywordOnly].map(p => p.name)
  }
  return []
}

/** `nn.Conv2D`, `F.Relu`. */
function memberChange(holder: Found, place: string, wrong: string): Correction[] {
  const known =
    place === 'nn'
      ? nnClasses.map(c => c.name)
      : place === 'layers'
        ? layerMembers.map(([name]) => name)
        : operations.filter(o => o.places.includes(place === 'F' ? 'functional' : 'torch')).map(o => o.name)
  const right = near(wrong, known)
  const used = [...below(holder)].find(n => n.kind === 'Attribute' && (n as unknown as ast.Attribute).name === wrong)
  if (!right || !used) return []
  const { nameStart } = used as unknown as ast.Attribute
  return change(`${place}.${wrong}`, `${place}.${right}`, { start: nameStart, end: nameStart + wrong.length }).map(
    ({ edits, ...rest }) => ({ ...rest, edits: [{ ...edits[0]!, newText: right }] }),
  )
}

/** A method whose name is nearly `forward`. */
function forwardChange(file: Text, cls: string): Correction[] {
  const definition = [...below(file.module.body)].find(
    n => n.kind === 'ClassDef' && (n as unknown as ast.ClassDef).name === cls,
  ) as unknown as ast.ClassDef | undefined
  const methods = (definition?.body ?? []).filter((s): s is ast.FunctionDef => s.kind === 'FunctionDef')
  const meant = methods.find(m => distance(m.name.toLowerCase(), 'forward') <= 2)
  if (!meant) return []
  return change(meant.name, 'forward', { start: meant.nameStart, end: meant.nameStart + meant.name.length })
}
