/**
 * One pass over what a user gets: packages the .vsix, installs it into a fresh code-server, opens an example in headless
 * Chromium, reads the hints, opens the panel and looks at it in the four kinds of theme.
 * Screenshots are kept in artifacts/.
 *
 *   node scripts/test-browser.mjs [--built]
 *
 * --built takes out/convlens.vsix as it is instead of packaging anew.
 */
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { packageExtension } from './package.mjs'
import { launchChromium } from './support/chromium.mjs'
import { startCodeServer } from './support/codeServer.mjs'
import { artifactsFolder, root, vsixFile } from './support/paths.mjs'
import { Failure, runMain, tail, temporaryFolder } from './support/processes.mjs'
import {
  chooseTheme,
  collectErrors,
  openFolder,
  runCommand,
  themes,
  waitForLine,
  webview,
} from './support/workbench.mjs'

const example = 'resnet50.yaml'
const hint = /×\d+×\d+ · [\d.]+[kMG]? params · [\d.]+[kMG]? MACs/
const limitMs = 180_000

await runMain(async () => {
  const vsix = process.argv.includes('--built') ? vsixFile : await packageExtension()
  const { folder } = temporaryFolder('browser')
  const workspace = path.join(folder, 'examples')
  await cp(path.resolve(process.env.CONVLENS_TEST_WORKSPACE ?? path.join(root, 'examples')), workspace, {
    recursive: true,
  })
  await rm(artifactsFolder, { recursive: true, force: true })
  await mkdir(artifactsFolder, { recursive: true })
  const host = await startCodeServer({ vsix, settings: { 'workbench.colorTheme': themes[0].label } })
  console.log(
    `Test host: code-server (VS Code ${host.vscodeVersion}) in headless Chromium, with the packaged extension`,
  )
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } })
    page.setDefaultTimeout(30_000)
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Failure(`The browser pass did not end within ${limitMs / 1000} s.`)), limitMs).unref()
    })
    await Promise.race([pass(page, host, workspace), late])
  } finally {
    await browser.close()
    await host.stop()
  }
})

/** The steps of the pass; each is told as it succeeds, and the first that fails ends it with a last screenshot. */
async function pass(page, host, workspace) {
  const errors = collectErrors(page)
  const shoot = name => page.screenshot({ path: path.join(artifactsFolder, `${name}.png`) })
  const steps = [
    [
      'hints stand beside the layers of an example',
      async () => {
        await openFolder(page, host, workspace, example)
        await waitForLine(page, hint)
        await shoot('hints')
      },
    ],
    [
      'the panel opens beside the editor and shows the figures',
      async () => {
        await runCommand(page, 'ConvLens: Show Panel')
        const panel = await webview(page)
        for (const text of [/params/i, /\b\d[\d.]*[kMG]\b/]) await panel.getByText(text).first().waitFor()
      },
    ],
    ...themes.map(theme => [
      `the ${theme.name} theme reaches the editor and the panel`,
      async () => {
        await chooseTheme(page, theme)
        await waitForLine(page, hint)
        await shoot(`panel-${theme.name}`)
      },
    ]),
    [
      'nothing was refused by the content security policy and nothing was thrown',
      async () => {
        if (errors().length > 0) throw new Failure(errors().join('\n'))
      },
    ],
  ]
  let passed = 0
  for (const [name, step] of steps) {
    try {
      await step()
      passed++
      console.log(`  ✔ ${name}`)
    } catch (error) {
      await shoot('failure').catch(() => {})
      console.log(`  ✘ ${name}`)
      console.log(`${passed} passed, 1 failed`)
      const place = 'The last screenshot is artifacts/failure.png.'
      throw new Failure([error.message, ...errors(), '--- server', tail(host.log(), 20), place].join('\n'))
    }
  }
  console.log(`${passed} passed, 0 failed`)
}
