/**
 * The panel in headless Chromium, without VS Code: the shipped page under its content security policy, fed with models
 * that the real analyzer made, in the four kinds of theme and four widths. Checks what can be measured, walks through
 * the page by keys, and keeps screenshots in artifacts/panel/.
 *
 *   node scripts/test-panel.mjs
 */
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { bottleneckWalks } from '../test/panel/bottleneckWalks.mjs'
import { contrastChecks, looks, sums } from '../test/panel/checks.mjs'
import { compareWalks } from '../test/panel/compareWalks.mjs'
import { drawingWalks } from '../test/panel/drawingWalks.mjs'
import { themes } from '../test/panel/themes.mjs'
import { walks } from '../test/panel/walks.mjs'
import { launchChromium } from './support/chromium.mjs'
import { buildPanelPage, openPanel } from './support/panelPage.mjs'
import { artifactsFolder } from './support/paths.mjs'
import { Failure, runMain } from './support/processes.mjs'

const shots = path.join(artifactsFolder, 'panel')
const widths = [1100, 720, 480, 320]

await runMain(async () => {
  const models = await buildPanelPage()
  await rm(shots, { recursive: true, force: true })
  await mkdir(shots, { recursive: true })
  const browser = await launchChromium()
  const results = []
  const test = async (name, body) => {
    try {
      await body()
      results.push({ name })
    } catch (error) {
      results.push({ name, error })
      console.log(`  ✘ ${name}\n    ${String(error.message ?? error).replaceAll('\n', '\n    ')}`)
    }
  }
  try {
    const looked = pictures(models.cases).flatMap(picture => themes.map(theme => ({ ...picture, theme })))
    await atOnce(3, looked, ({ name, tab, kept, theme }) => {
      const title = `${name}-${tab}${kept ? `-${kept.view}` : ''}-${theme.name}`
      return test(`${title} is whole, named and readable`, () =>
        look({ browser, models, name, tab, kept, theme, title }))
    })
    for (const [name, check] of Object.entries(sums)) await test(name, () => check(models))
    for (const [name, walk] of Object.entries({ ...walks, ...bottleneckWalks, ...compareWalks, ...drawingWalks })) {
      await test(name, async () => {
        const open = (options = {}) => openPanel(browser, { models, theme: themes[0], width: 1100, ...options })
        await walk({ open, models, themes })
      })
    }
  } finally {
    await browser.close()
  }
  const failed = results.filter(result => result.error).length
  console.log(`${results.length - failed} passed, ${failed} failed`)
  if (failed) throw new Failure('The screenshots are in artifacts/panel.')
})

/** Opens one picture, narrows it step by step, and collects what is wrong with it. */
async function look({ browser, models, name, tab, kept, theme, title }) {
  const model = models.modelOf(name)
  const panel = await openPanel(browser, { models, theme, width: widths[0], kept: { tab, uri: model.uri, ...kept } })
  const faults = []
  try {
    panel.answers(name)
    await panel.show(model)
    await panel.page.waitForSelector('.detail-waits', { state: 'detached' })
    if (tab === 'compare') await panel.page.waitForSelector('#view-compare > *')
    for (const width of widths) {
      await panel.page.setViewportSize({ width, height: 900 })
      await panel.page.waitForFunction(w => document.querySelector('#root').dataset.width === String(w), width)
      const found = [...(await looks(panel.page)), ...(await contrastChecks(panel.page))]
      faults.push(...found.map(fault => `${width} px: ${fault}`))
      await panel.page.screenshot({ path: path.join(shots, `${title}-${width}.png`), fullPage: true })
    }
    faults.push(...panel.problems)
  } finally {
    await panel.page.close()
  }
  if (faults.length) throw new Failure([...new Set(faults)].slice(0, 12).join('\n'))
}

/** Runs a task for every item, a few at a time. */
async function atOnce(count, items, task) {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await task(item)
  }
  await Promise.all(Array.from({ length: count }, worker))
}

/** What is looked at: every network on both tabs, the icicle of two. */
function pictures(cases) {
  const both = cases.flatMap(name => [
    { name, tab: 'cost' },
    ...(name === 'empty' ? [] : [{ name, tab: 'bottlenecks' }]),
  ])
  const icicles = ['resnet', 'long'].map(name => ({ name, tab: 'cost', kept: { view: 'icicle' } }))
  const papers = ['resnet', 'googlenet', 'unknown'].map(name => ({ name, tab: 'cost', kept: { view: 'paper' } }))
  const opened = {
    name: 'resnet',
    tab: 'cost',
    kept: { view: 'depth', open: ['layer3/', 'layer3.0/'], selection: ['layer3.0.conv2'] },
  }
  const compared = ['reduced', 'resnet', 'long', 'unknown', 'single'].map(name => ({ name, tab: 'compare' }))
  const all = {
    name: 'reduced',
    tab: 'compare',
    kept: { view: 'all', compare: { a: null, b: null, all: true, toggled: [], unfolded: [] } },
  }
  const drawn = ['resnet', 'vgg16', 'googlenet', 'single', 'long', 'mobilenet', 'unknown'].filter(
    name => cases.includes(name) || name === 'mobilenet',
  )
  const drawings = [
    ...drawn.flatMap(name => [
      { name, tab: 'picture' },
      { name, tab: 'roofline' },
    ]),
    { name: 'inception5', tab: 'picture', kept: { view: 'example', form: 'reduce', ratio: 16 } },
    { name: 'googlenet', tab: 'picture', kept: { view: 'block', selection: ['inception3a/'] } },
    { name: 'vgg16', tab: 'roofline', kept: { view: 'moved', selection: ['conv4_2'] } },
    { name: 'byhand', tab: 'picture' },
  ]
  return [...both, ...icicles, ...papers, opened, ...compared, all, ...drawings]
}
