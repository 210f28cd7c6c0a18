/**
 * The steps of the browser pass, in order; each throws when what a person would see is not there.
 * In torchvision's published table ResNet-50 has 25.6M params and 4.09G MACs at 224 × 224.
 */
import path from 'node:path'
import { screenshotsFolder } from './paths.mjs'
import { Failure, waitFor } from './processes.mjs'
import {
  chooseTheme,
  cursorLine,
  goToLine,
  openFile,
  openFolder,
  reload,
  runCommand,
  themes,
  waitForLine,
  waitForTheme,
  webview,
} from './workbench.mjs'

const example = 'resnet50.yaml'
// 64 filters of 3 × 7 × 7 weights and 2 × 64 of the batch norm, at 112 × 112 positions.
const firstLayer = /name: conv1\b.*N×64×112×112 · 9\.5k params · 118M MACs/
const figures = [/^4\.09G$/, /^25\.6M$/]
// One 5 × 5 convolution from 256 to 32 channels at 28 × 28 positions.
const plainExample = 'inception-5x5-direct.yaml'
const plainFigures = [/^161M$/, /^205k$/]

/**
 * @param {{ page: import('playwright-core').Page, host: object, workspace: string, errors: () => string[] }} pass
 * @returns {{ name: string, run: () => Promise<void> }[]}
 */
export function browserSteps({ page, host, workspace, errors }) {
  const shoot = name => page.screenshot({ path: path.join(screenshotsFolder, `${name}.png`) })
  return [
    {
      name: 'hints stand beside the layers of an example, the totals above it',
      async run() {
        await openFolder(page, host, workspace, example)
        await waitForLine(page, firstLayer)
        await page.locator('.codelens-decoration', { hasText: '25.6M params' }).first().waitFor()
        await shoot('hints')
      },
    },
    {
      name: 'a layer explains itself on hover',
      async run() {
        const line = page.locator('.editor-group-container .view-line', { hasText: 'name: conv1' })
        await line.hover({ position: { x: 60, y: 8 } })
        await page.locator('.monaco-hover', { hasText: '118,013,952' }).first().waitFor()
        // The hover fades in.
        await page.waitForTimeout(500)
        await shoot('hover')
        await page.mouse.move(0, 0)
      },
    },
    {
      name: 'the panel opens beside the editor and shows the figures',
      async run() {
        await page.keyboard.press('Control+b')
        await runCommand(page, 'ConvLens: Show Panel')
        await expectFigures(await webview(page), figures)
      },
    },
    {
      name: 'a line of the table is shown in the editor, and the line of the cursor in the table',
      async run() {
        const panel = await webview(page)
        const links = panel.getByRole('treegrid').getByRole('button', { name: /^line \d+$/ })
        const first = Number(await links.first().textContent())
        await links.first().click()
        await waitFor(`the cursor on line ${first}`, async () => (await cursorLine(page)) === first)
        const last = Number(await links.last().textContent())
        await goToLine(page, last)
        await panel
          .locator('[role=row][aria-current=location]', { hasText: String(last) })
          .first()
          .waitFor()
      },
    },
    ...themes.map(theme => ({
      name: `the ${theme.name} theme reaches the editor and both tabs of the panel`,
      async run() {
        await chooseTheme(page, theme)
        await runCommand(page, 'ConvLens: Show Cost')
        await waitForTheme(page, theme)
        await (await webview(page)).getByRole('treegrid').first().waitFor()
        await shoot(`cost-${theme.name}`)
        await runCommand(page, 'ConvLens: Show Bottlenecks')
        await (await webview(page)).getByText('3×3').first().waitFor()
        await shoot(`bottlenecks-${theme.name}`)
      },
    })),
    {
      name: 'the panel follows the editor to another file and lists what a bottleneck would save there',
      async run() {
        await chooseTheme(page, themes[0])
        await openFile(page, plainExample)
        await runCommand(page, 'ConvLens: Show Bottlenecks')
        const panel = await webview(page)
        await expectFigures(panel, plainFigures)
        // 256·64 + 25·64·64 + 64·32 multiplications in place of 25·256·32.
        await panel.locator('[role=row]', { hasText: 'conv5x5' }).first().waitFor()
        await panel.getByText('161M → 94.7M (−41%)').first().waitFor()
        await shoot('bottlenecks-list')
        await openFile(page, example)
        await expectFigures(panel, figures)
      },
    },
    {
      name: 'a layer is drawn, and stands in the roofline',
      async run() {
        await openFile(page, plainExample)
        await runCommand(page, 'ConvLens: Show Picture')
        const panel = await webview(page)
        await panel.locator('#chart').getByText('160,563,200 MACs', { exact: true }).waitFor()
        await panel.locator('#chart').getByText('32 kernels 5×5×256', { exact: true }).waitFor()
        await shoot('picture')
        await runCommand(page, 'ConvLens: Show Roofline')
        await panel.locator('.roofline .mark').first().waitFor()
        await shoot('roofline')
        await openFile(page, example)
        await expectFigures(panel, figures)
      },
    },
    {
      name: 'a narrow window keeps the figures',
      async run() {
        await page.setViewportSize({ width: 1040, height: 1000 })
        await runCommand(page, 'ConvLens: Show Cost')
        await expectFigures(await webview(page), figures)
        await shoot('cost-narrow')
      },
    },
    {
      name: 'the panel comes back when the window is loaded again',
      async run() {
        await reload(page, host, workspace, example)
        await waitForLine(page, firstLayer)
        await expectFigures(await webview(page), figures)
      },
    },
    {
      name: 'nothing was refused by the content security policy and nothing was thrown',
      async run() {
        if (errors().length > 0) throw new Failure(errors().join('\n'))
      },
    },
  ]
}

/** MACs and params as published, and no figure empty. */
async function expectFigures(panel, wanted) {
  for (const figure of wanted) await panel.locator('dl dd').getByText(figure).first().waitFor()
  const all = await panel.locator('dl dd').allInnerTexts()
  const empty = all.filter(text => !/\d/.test(text))
  if (empty.length > 0) throw new Failure(`Figures without a number: ${JSON.stringify(all)}`)
}
