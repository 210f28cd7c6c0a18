/** Finds, installs (Debian, as root) and starts the Chromium that shows VS Code to the tests. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { Failure, run } from './processes.mjs'

const debianPackages = ['chromium', 'fonts-dejavu-core']
const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

// Without the background flags Chromium calls its maker's servers, which a closed network refuses many times a second.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of a Chromium: `CHROMIUM_PATH`, or an installed one, or one installed now by apt-get where that is possible.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium()
  if (found) return found
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log(`Installing Debian packages ${debianPackages.join(' ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...debianPackages], { env })
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Failure(
    `The tests need Chromium: install the Debian packages ${debianPackages.join(' and ')}, or set CHROMIUM_PATH.`,
  )
}

/** Starts a headless Chromium. @returns {Promise<import('playwright-core').Browser>} */
export async function launchChromium() {
  return chromium.launch({ executablePath: await ensureChromium(), args: flags, headless: true })
}

function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (!named) return usualPlaces.find(place => existsSync(place))
  if (!existsSync(named)) throw new Failure(`CHROMIUM_PATH names ${named}, which does not exist.`)
  return named
}
