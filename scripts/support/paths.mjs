/** Folders of the repository that the scripts read and write. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const cacheFolder = path.join(root, '.cache')
export const artifactsFolder = path.join(root, 'artifacts')
/** Of the browser pass. */
export const screenshotsFolder = path.join(artifactsFolder, 'browser')
export const outFolder = path.join(root, 'out')
export const vsixFile = path.join(outFolder, 'convlens.vsix')
