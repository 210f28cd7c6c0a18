/**
 * Makes the pictures of README: the packaged extension in a real VS Code, in headless Chromium.
 *
 *   npm run screenshots
 */
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { packageExtension } from './package.mjs'
import { launchChromium } from './support/chromium.mjs'
import { startCodeServer } from './support/codeServer.mjs'
import { root } from './support/paths.mjs'
import { runMain, temporaryFolder } from './support/processes.mjs'
import { goToLine, openFile, openFolder, runCommand, themes, waitForLine, webview } from './support/workbench.mjs'

const pictures = path.join(root, 'media', 'readme')

await runMain(async () => {
  const { folder } = temporaryFolder('screenshots')
  const workspace = path.join(folder, 'examples')
  await cp(path.join(root, 'examples'), workspace, { recursive: true })
  await mkdir(pictures, { recursive: true })
  const settings = {
    'workbench.colorTheme': themes[0].label,
    'workbench.activityBar.location': 'hidden',
    'workbench.statusBar.visible': true,
    'editor.fontSize': 12,
    'editor.minimap.enabled': false,
    'editor.stickyScroll.enabled': false,
  }
  const host = await startCodeServer({ vsix: await packageExtension(), settings })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1900, height: 900 } })
    await openFolder(page, host, workspace, 'resnet50.yaml')
    await waitForLine(page, /residual:.*MACs/)
    await page.keyboard.press('Control+b')
    await runCommand(page, 'ConvLens: Show Panel')
    await (await webview(page)).getByRole('treegrid').first().waitFor()
    await goToLine(page, 46)
    await shoot(page, 'editor')
    await openFile(page, 'resnet_bottleneck.py')
    await waitForLine(page, /×16 · .*MACs/)
    await runCommand(page, 'ConvLens: Show Cost')
    await (await webview(page)).getByRole('treegrid').first().waitFor()
    await shoot(page, 'pytorch')
    await openFile(page, 'resnet18.yaml')
    await waitForLine(page, /MACs/)
    await runCommand(page, 'ConvLens: Show Bottlenecks')
    await (await webview(page)).locator('[role=row]', { hasText: '3×3' }).first().waitFor()
    await shoot(page, 'bottlenecks')
  } finally {
    await browser.close()
    await host.stop()
  }
})

/** A picture once nothing moves. */
async function shoot(page, name) {
  await page.mouse.move(0, 0)
  await page.waitForTimeout(1500)
  await page.screenshot({ path: path.join(pictures, `${name}.png`) })
}
