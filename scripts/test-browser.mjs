/**
 * One pass over what a user gets: packages the .vsix, installs it into a fresh code-server, opens an example in headless
 * Chromium, reads the hints, opens the panel and looks at it in the four kinds of theme.
 * Screenshots are kept in artifacts/browser/.
 *
 *   node scripts/test-browser.mjs [--built]
 *
 * --built takes out/convlens.vsix as it is instead of packaging anew.
 */
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { packageExtension } from './package.mjs'
import { browserSteps } from './support/browserPass.mjs'
import { launchChromium } from './support/chromium.mjs'
import { startCodeServer } from './support/codeServer.mjs'
import { root, screenshotsFolder, vsixFile } from './support/paths.mjs'
import { Failure, runMain, tail, temporaryFolder } from './support/processes.mjs'
import { collectErrors, themes } from './support/workbench.mjs'

const limitMs = 300_000

await runMain(async () => {
  const vsix = process.argv.includes('--built') ? vsixFile : await packageExtension()
  const { folder } = temporaryFolder('browser')
  const workspace = path.join(folder, 'examples')
  await cp(path.resolve(process.env.CONVLENS_TEST_WORKSPACE ?? path.join(root, 'examples')), workspace, {
    recursive: true,
  })
  await rm(screenshotsFolder, { recursive: true, force: true })
  await mkdir(screenshotsFolder, { recursive: true })
  const host = await startCodeServer({ vsix, settings: { 'workbench.colorTheme': themes[0].label } })
  console.log(
    `Test host: code-server (VS Code ${host.vscodeVersion}) in headless Chromium, with the packaged extension`,
  )
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    page.setDefaultTimeout(30_000)
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Failure(`The browser pass did not end within ${limitMs / 1000} s.`)), limitMs).unref()
    })
    await Promise.race([runPass(page, host, workspace), late])
  } finally {
    await browser.close()
    await host.stop()
  }
})

/** Runs the steps; each is told as it succeeds, and the first that fails ends the pass with a last screenshot. */
async function runPass(page, host, workspace) {
  const errors = collectErrors(page)
  const steps = browserSteps({ page, host, workspace, errors })
  for (const [passed, { name, run }] of steps.entries()) {
    try {
      await run()
      console.log(`  ✔ ${name}`)
    } catch (error) {
      await page.screenshot({ path: path.join(screenshotsFolder, 'failure.png') }).catch(() => {})
      console.log(`  ✘ ${name}`)
      console.log(`${passed} passed, 1 failed`)
      const place = 'The last screenshot is artifacts/browser/failure.png.'
      throw new Failure([error.message, ...errors(), '--- server', tail(host.log(), 20), place].join('\n'))
    }
  }
  console.log(`${steps.length} passed, 0 failed`)
}
