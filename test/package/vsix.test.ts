import { readdirSync, readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

/** Every file of the package. A file that is not named here is not shipped; one that is named is not forgotten. */
const shipped = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/changelog.md',
  'extension/dist/cli.js',
  'extension/dist/codicon-HASH.ttf',
  'extension/dist/extension.js',
  'extension/dist/panel.css',
  'extension/dist/panel.js',
  'extension/dist/server.js',
  'extension/dist/web/extension.js',
  'extension/dist/web/server.js',
  ...readdirSync('examples')
    .filter(name => /\.(yaml|py)$/.test(name))
    .map(name => `extension/examples/${name}`),
  'extension/media/convlens.schema.json',
  'extension/media/icon.png',
  'extension/package.json',
  'extension/readme.md',
  'extension/syntaxes/convlens-directive.injection.tmLanguage.json',
  'extension/syntaxes/darknet.language-configuration.json',
  'extension/syntaxes/darknet.tmLanguage.json',
  'extension/syntaxes/model-yaml.injection.tmLanguage.json',
  'extension/syntaxes/prototxt.language-configuration.json',
  'extension/syntaxes/prototxt.tmLanguage.json',
]

const files = unzipSync(readFileSync('out/convlens.vsix'))

describe('the package', () => {
  it('holds these files and no others', () => {
    // The bundler names a font by a hash of its content.
    const names = Object.keys(files).map(file => file.replace(/-[A-Z0-9]{8}\.ttf$/, '-HASH.ttf'))
    expect(names.sort()).toEqual([...shipped].sort())
  })

  it('has every file that its manifest names', () => {
    const manifest = text('extension/package.json')
    const named = [...manifest.matchAll(/"\.\/([^"*]+\.\w+)"/g)].map(match => `extension/${match[1]}`)
    expect(named).toContain('extension/dist/extension.js')
    expect(named.filter(file => !(file in files))).toEqual([])
  })

  it('is small: no bundle over 1.5 MB, and no source maps', () => {
    const bundles = Object.keys(files).filter(file => file.endsWith('.js'))
    expect(bundles.filter(file => files[file]!.length > 1_500_000)).toEqual([])
    expect(bundles.filter(file => text(file).includes('sourceMappingURL=data:'))).toEqual([])
  })

  it('tells nothing about the machine that built it', () => {
    const here = process.cwd()
    expect(Object.keys(files).filter(file => text(file).includes(here))).toEqual([])
  })
})

function text(file: string): string {
  return strFromU8(files[file]!)
}
