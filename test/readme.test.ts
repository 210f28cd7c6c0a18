import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { conventions } from '../src/core/conventions'
import { PROBLEM_CODES } from '../src/core/problem'
import { SETTINGS } from '../src/settings'

const root = path.resolve(import.meta.dirname, '..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

describe('README', () => {
  test('lists every setting with its default and description, and no other', () => {
    const rows = [...readme.matchAll(/^\| `convlens\.([\w.]+)` \| (?:`([^`]*)`)? ?\| (.*) \|$/gm)]
    const listed = rows.map(([, key, value = '', text]) => [key, value, text])
    expect(listed).toEqual(Object.entries(SETTINGS).map(([key, s]) => [key, String(s.default), s.description]))
  })

  test('explains every problem code under its own heading, and no other', () => {
    expect([...readme.matchAll(/^#### (.*)$/gm)].map(m => m[1])).toEqual([...PROBLEM_CODES])
  })

  test('names every command of the palette', () => {
    const hidden = new Set(
      manifest.contributes.menus.commandPalette
        .filter((m: { when?: string }) => m.when === 'false')
        .map((m: { command: string }) => m.command),
    )
    const titles = manifest.contributes.commands
      .filter((c: { command: string }) => !hidden.has(c.command))
      .map((c: { title: string }) => c.title)
    expect(titles.filter((title: string) => !readme.includes(title))).toEqual([])
  })

  test('names every convention', () => {
    expect(conventions.filter(({ name }) => !readme.includes(name))).toEqual([])
  })

  test('its commands are those of package.json, and its pictures and links are there', () => {
    const scripts = [...readme.matchAll(/npm (?:run )?(start|test|vscode|bench)\b/g)].map(m => m[1]!)
    expect(scripts.filter(name => !(name in manifest.scripts))).toEqual([])
    const links = [...readme.matchAll(/\]\(([\w./-]+)\)/g)].map(m => m[1]!)
    expect(links.length).toBeGreaterThan(2)
    for (const link of links) expect(() => readFileSync(path.join(root, link))).not.toThrow(/ENOENT/)
  })

  test('leaves nothing to fill in', () => {
    expect(readme).not.toMatch(/@[A-Z]+@/)
  })
})
