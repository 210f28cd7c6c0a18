/**
 * Makes the pictures of README: the packaged extension in a real VS Code, in headless Chromium.
 *
 *   npm run screenshots
 *
 * Two show the window, with code and its hints; the others show the panel alone, so that it can be read on a page.
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
const view = { width: 1900, height: 900 }
/** Of the panel where it is shown alone: room for the list with all its columns and the detail beside it. */
const panelWidth = 1120
/** What ConvLens would insert first into VGG-16. */
const ticked = ['conv4_2', 'conv4_3', 'conv4_1', 'conv3_2', 'conv3_3']

await runMain(async () => {
  const { folder } = temporaryFolder('screenshots')
  const workspace = path.join(folder, 'examples')
  await cp(path.join(root, 'examples'), workspace, { recursive: true })
  await mkdir(pictures, { recursive: true })
  const settings = {
    'workbench.colorTheme': themes[0].label,
    'workbench.activityBar.location': 'hidden',
    'workbench.statusBar.visible': true,
    'editor.fontSize': 11,
    'editor.minimap.enabled': false,
    'editor.stickyScroll.enabled': false,
  }
  const host = await startCodeServer({ vsix: await packageExtension(), settings })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: view })
    await openFolder(page, host, workspace, 'resnet50.yaml')
    await waitForLine(page, /residual:.*MACs/)
    await page.keyboard.press('Control+b')
    await runCommand(page, 'ConvLens: Show Panel')
    const panel = await webview(page)
    await panel.getByRole('treegrid').first().waitFor()
    await goToLine(page, 46)
    await shoot(page, 'editor')

    await openFile(page, 'resnet_bottleneck.py')
    await waitForLine(page, /×16 · .*MACs/)
    await panel.locator('dl dd', { hasText: '4.09G' }).first().waitFor()
    await goToLine(page, 16)
    await shoot(page, 'pytorch')

    await widenPanel(page)
    await openFile(page, 'vgg16.yaml')
    await waitForLine(page, /conv4_2.*MACs/)
    await runCommand(page, 'ConvLens: Show Bottlenecks')
    for (const layer of ticked) await panel.locator(`[data-line="${layer}"] [role=checkbox]`).click()
    // 9·512·512·784 twice, 9·256·512·784 and 9·256·256·3136 twice, less what stands in their place.
    await panel.locator('.footer', { hasText: '15.5G → 8.09G' }).waitFor()
    await panel.locator('[data-line="conv4_2"] .name').click()
    await panel.locator('.detail-head', { hasText: 'conv4_2' }).waitFor()
    await shootPanel(page, 'bottlenecks')

    await runCommand(page, 'ConvLens: Show Compare')
    await panel.locator('[role=row]', { hasText: 'conv4_2_narrow' }).waitFor()
    await shootPanel(page, 'compare')

    await openFile(page, 'inception-5x5-direct.yaml')
    await runCommand(page, 'ConvLens: Show Bottlenecks')
    await panel.locator('.detail [role=radio]', { hasText: 'reduce' }).click()
    await panel.locator('[role=slider]').press('Home')
    await panel.locator('[role=slider]').press('ArrowRight')
    await panel.locator('.detail', { hasText: 'r = 16' }).waitFor()
    await runCommand(page, 'ConvLens: Show Picture')
    await panel.locator('#chart').getByText('13,246,464 MACs', { exact: true }).waitFor()
    await shootPanel(page, 'picture')
  } finally {
    await browser.close()
    await host.stop()
  }
})

/** A picture of the window, once nothing moves. */
async function shoot(page, name, clip) {
  await page.mouse.move(0, 0)
  await page.waitForTimeout(1500)
  await page.screenshot({ path: path.join(pictures, `${name}.png`), ...(clip && { clip }) })
}

/** A picture of the panel as far down as it is filled. */
async function shootPanel(page, name) {
  const frame = await page.locator('iframe.webview.ready').boundingBox()
  const panel = await webview(page)
  const filled = await panel.locator('body').evaluate(body => {
    const ends = [...body.querySelectorAll('.row, .chart, #chart, .footer')].map(e => e.getBoundingClientRect().bottom)
    return Math.max(...ends) + 12
  })
  // Without the edge to the editor.
  await shoot(page, name, { ...frame, x: frame.x + 1, width: frame.width - 1, height: Math.min(frame.height, filled) })
}

/** Drags the edge between editor and panel. */
async function widenPanel(page) {
  const { x } = await page.locator('iframe.webview.ready').boundingBox()
  await page.mouse.move(x - 1, view.height / 2)
  await page.mouse.down()
  await page.mouse.move(view.width - panelWidth, view.height / 2, { steps: 5 })
  await page.mouse.up()
}
