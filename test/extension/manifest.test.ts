import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/protocol'
import { LANGUAGES } from '../../src/protocol/mayDefineNetwork'
import { SETTINGS } from '../../src/settings'

const root = path.resolve(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const { contributes } = manifest

describe('manifest', () => {
  it('declares exactly the commands of the protocol, each with a category', () => {
    const declared: { command: string; category: string }[] = contributes.commands
    expect(declared.map(entry => entry.command).sort()).toEqual(Object.values(COMMANDS).sort())
    expect(new Set(declared.map(entry => entry.category))).toEqual(new Set(['ConvLens']))
  })

  it('declares exactly the settings of the code, with their types, defaults and descriptions', () => {
    const expected = Object.fromEntries(Object.entries(SETTINGS).map(([key, setting]) => [`convlens.${key}`, setting]))
    expect(contributes.configuration.properties).toEqual(expected)
  })

  it('names only commands that it declares in its menus', () => {
    const entries = (Object.values(contributes.menus) as { command: string }[][]).flat()
    const commands: string[] = Object.values(COMMANDS)
    expect(entries.filter(entry => !commands.includes(entry.command))).toEqual([])
  })

  it('gives every colour a default for all four kinds of theme', () => {
    for (const { id, defaults } of contributes.colors) {
      expect(id).toMatch(/^convlens\./)
      expect(Object.keys(defaults)).toEqual(['dark', 'light', 'highContrast', 'highContrastLight'])
    }
    expect(contributes.colors.map((color: { id: string }) => color.id)).toHaveLength(7)
  })

  it('starts for the languages that are read, for properties, which VS Code takes .cfg for, and nothing else', () => {
    const events = [...LANGUAGES, 'properties'].map(language => `onLanguage:${language}`)
    expect(manifest.activationEvents.sort()).toEqual(events.sort())
  })

  it('works in untrusted and virtual workspaces', () => {
    expect(manifest.capabilities).toEqual({ untrustedWorkspaces: { supported: true }, virtualWorkspaces: true })
  })
})
