/** The source of torchvision 0.14.1, taken from Debian's package. It is read, never run. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './paths.mjs'
import { run } from './processes.mjs'

const folder = path.join(cacheFolder, 'torchvision')
const source = path.join(folder, 'usr/lib/python3/dist-packages')

/**
 * Unpacks the package into the cache.
 *
 * @returns {Promise<string | null>} the folder that holds `torchvision`; null where the package cannot be downloaded
 */
export async function torchvisionSource() {
  if (existsSync(path.join(source, 'torchvision'))) return source
  const download = path.join(folder, 'deb')
  mkdirSync(download, { recursive: true })
  const fetchIt = () => run('apt-get', ['download', 'python3-torchvision'], { cwd: download, limitMs: 120_000 })
  try {
    await fetchIt().catch(async () => {
      await run('apt-get', ['update'], { limitMs: 120_000 })
      await fetchIt()
    })
    await run('sh', ['-c', `dpkg -x deb/python3-torchvision_*.deb .`], { cwd: folder, limitMs: 60_000 })
  } catch {
    return null
  }
  return existsSync(path.join(source, 'torchvision')) ? source : null
}
