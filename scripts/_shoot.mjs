import { themes } from '../test/panel/themes.mjs'
import { launchChromium } from './support/chromium.mjs'
import { buildPanelPage, openPanel } from './support/panelPage.mjs'

const models = await buildPanelPage()
const browser = await launchChromium()
const specs = process.argv.slice(2) // case:theme:width:tab[:extra]
for (const spec of specs) {
  const [name, themeName, width, tab = 'cost', extra = ''] = spec.split(':')
  const theme = themes.find(t => t.name === themeName)
  const kept = {
    tab,
    ...(extra
      ? Object.fromEntries(
          extra.split(';').map(e => {
            const [k, v] = e.split('=')
            return [k, JSON.parse(v)]
          }),
        )
      : {}),
  }
  const p = await openPanel(browser, { models, theme, width: Number(width), kept, height: 900 })
  await p.show(models.modelOf(name))
  if (kept.select) {
    await p.page.click(`[data-row="${kept.select}"]`)
  }
  await p.page.mouse.move(0, 0)
  await p.page.waitForTimeout(150)
  await p.page.screenshot({
    path: `/tmp/shots/${name}-${themeName}-${width}-${tab}${extra ? '-x' : ''}.png`,
    fullPage: true,
  })
  if (p.problems.length) console.log(spec, p.problems.slice(0, 5))
  await p.page.close()
}
await browser.close()
