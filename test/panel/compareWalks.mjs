/** Walks through the comparison of two models. HEAD of each network is another one, compared by the real analyzer. */
import assert from 'node:assert/strict'

const messages = async (panel, type) => (await panel.sent()).filter(message => message.type === type)

/** VGG-16 with five layers through a quarter of their channels, against VGG-16. */
async function opened({ open, models }, name = 'reduced', { width = 1100, ...kept } = {}) {
  const model = models.modelOf(name)
  const panel = await open({ width, kept: { tab: 'compare', uri: model.uri, ...kept } })
  panel.answers(name)
  await panel.show(model)
  await panel.page.waitForSelector('.compare-table, .nothing')
  return panel
}

const row = (page, id) => page.locator(`[data-compare="${id}"]`)
const cells = async locator =>
  (await locator.locator('[role=gridcell]').allInnerTexts()).map(text => text.trim().split('\n')[0])
const totals = page =>
  page.evaluate(() =>
    [...document.querySelectorAll('.total')].map(total => [
      total.querySelector('dt').innerText,
      total.querySelector('dd').innerText.replace(/\s+/g, ' ').trim(),
    ]),
  )
const focused = page => page.evaluate(() => document.activeElement.dataset.compare ?? null)
const choose = async (page, side, label) => {
  await page.locator(`vscode-single-select[aria-label="Side ${side}"]`).click()
  await page.locator(`vscode-single-select[aria-label="Side ${side}"] li.option`, { hasText: label }).click()
}

export const compareWalks = {
  'a comparison is that of the picture: five layers of VGG-16 through a quarter of their channels': async context => {
    const { page } = await opened(context)
    // DESIGN's picture panel-compare, computed there.
    assert.deepEqual((await totals(page)).slice(0, 4), [
      ['MACs', '15.5G → 8.09G −48%'],
      ['params', '138M → 132M −4.6%'],
      ['traffic, fp16', '322 MB → 315 MB −2.3%'],
      ['least time, T4 fp16', '1.35 ms → 1.20 ms −11%'],
    ])
    assert.deepEqual(await cells(row(page, '56×56/')), ['', '56×56', '4.62G', '1.36G', '−3.26G', '−1.0M'])
    const changed = row(page, 'conv3_2 conv3_2_narrow')
    assert.deepEqual(await cells(changed), [
      '~',
      'conv3_2_narrow',
      '3×3 256→256 ⇒ 64→64',
      '1.85G',
      '116M',
      '−1.73G',
      '−553k',
    ])
    assert.deepEqual(await cells(row(page, ' conv4_1_reduce')), [
      '+',
      'conv4_1_reduce',
      '1×1 reduces 256→64',
      '–',
      '12.8M',
      '+12.8M',
      '+16.4k',
    ])
    assert.deepEqual(await cells(row(page, '224×224/')), ['', '224×224 2 layers, no change', '1.94G', '=', '=', '='])
    assert.equal(await page.locator('.row.folded').innerText(), '1 layer, no change')
  },

  'bars of A and B are on one scale, from one zero': async context => {
    const { page } = await opened(context)
    const bars = await page.evaluate(() => {
      const box = (id, part) => document.querySelector(`[data-compare="${id}"] ${part}`).getBoundingClientRect()
      const [a, b] = ['.outline', '.bar'].map(part => box('conv3_2 conv3_2_narrow', part))
      const half = box('conv4_1 conv4_1_narrow', '.outline')
      return { a, b, half }
    })
    // 1.85G, 116M (a sixteenth of it), 925M (half of it); strokes are a pixel wide.
    assert.ok(Math.abs(bars.b.width / bars.a.width - 1 / 16) < 0.01, JSON.stringify(bars))
    assert.ok(Math.abs(bars.half.width / bars.a.width - 1 / 2) < 0.01)
    assert.ok(Math.abs(bars.a.left - bars.b.left) < 1.5 && Math.abs(bars.a.left - bars.half.left) < 0.1)
    assert.ok(bars.b.top > bars.a.top && bars.b.bottom < bars.a.bottom, 'B is inside A')
  },

  'Tab reaches sides, switch and table; arrows walk, open, close and unfold': async context => {
    const { page } = await opened(context)
    const stops = []
    await page.locator('#tab-compare').focus()
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab')
      stops.push(
        await page.evaluate(() => {
          const { activeElement } = document
          return activeElement.getAttribute('aria-label') ?? activeElement.getAttribute('role')
        }),
      )
    }
    assert.deepEqual(stops, ['Side A', 'Side B', 'radio', 'row'])
    assert.equal(await focused(page), '224×224/')
    await page.keyboard.press('ArrowRight')
    assert.equal(await row(page, '224×224/').getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(page), 'conv1_1 conv1_1')
    assert.deepEqual(await cells(row(page, 'conv1_1 conv1_1')), [
      'unchanged',
      'conv1_1',
      '3×3 3→64',
      '86.7M',
      '=',
      '=',
      '=',
    ])
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await row(page, '224×224/').getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('End')
    assert.equal(await focused(page), 'head/')
    await page.keyboard.type('conv4_1')
    assert.equal(await focused(page), ' conv4_1_reduce')
    await row(page, '56×56/equal').focus()
    await page.keyboard.press('Enter')
    assert.equal(await row(page, 'conv3_1 conv3_1').count(), 1)
    assert.equal(await page.locator('.row.folded').count(), 0)
  },

  'a row selects its layer everywhere, Enter goes to its line, a removed one has none': async context => {
    const panel = await opened(context, 'resnet')
    const { page } = panel
    const model = context.models.modelOf('resnet')
    await row(page, 'layer3/').focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(page), 'layer3.6.conv1 ')
    await page.keyboard.press('Enter')
    assert.equal((await messages(panel, 'reveal')).length, 0)
    await row(page, 'layer4/').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    const { place } = model.layers.find(layer => layer.id === 'layer4.0.conv1')
    assert.deepEqual((await messages(panel, 'select')).at(-1).places, [place])
    await page.keyboard.press('Enter')
    assert.deepEqual((await messages(panel, 'reveal')).at(-1).place, place)
    await page.getByRole('tab', { name: 'Cost' }).click()
    assert.equal(await page.locator('[data-row="layer4.0.conv1"][aria-selected=true]').count(), 1)
  },

  'sides are chosen from the list; another file or revision is asked for': async context => {
    const panel = await opened(context)
    const { page } = panel
    await choose(page, 'A', 'resnet')
    await page.waitForFunction(() => document.querySelector('.note-line')?.textContent.includes('A is resnet50'))
    assert.deepEqual((await messages(panel, 'compare')).at(-1).a, { kind: 'file', uri: 'resnet' })
    await choose(page, 'B', 'Another file…')
    assert.deepEqual((await messages(panel, 'compareWith')).at(-1), { type: 'compareWith', side: 'b', what: 'file' })
    const shownValue = () => page.locator('vscode-single-select[aria-label="Side B"]').evaluate(select => select.value)
    assert.equal(await shownValue(), JSON.stringify({ kind: 'shown' }))
    await panel.post({ type: 'compareSide', side: 'a', choice: { kind: 'revision', ref: 'HEAD~3' } })
    await page.waitForFunction(() => document.querySelector('#view-compare').textContent.includes('HEAD~3'))
    await choose(page, 'A', 'working tree')
    await page.waitForSelector('.nothing')
    assert.match(await page.locator('.nothing').innerText(), /^Both sides are the same\. Choose a git revision,/)
  },

  'the model with its ticked proposals stands beside the model as it is': async context => {
    const model = context.models.modelOf('vgg')
    const proposals = model.bottlenecks.groups.flatMap(group => group.proposals)
    const ticks = ['conv3_2', 'conv3_3'].map(name => proposals.find(proposal => proposal.name === name).id)
    const { page } = await opened(context, 'vgg', { model, ticks })
    await choose(page, 'A', 'working tree')
    await choose(page, 'B', 'with 2 ticked proposals')
    await page.waitForSelector('.compare-table')
    // Each of the two goes from 9·256²·56² products to (256·64 + 9·64² + 64·256)·56².
    const [before, after] = [9 * 256 ** 2, 2 * 256 * 64 + 9 * 64 ** 2].map(weights => weights * 56 ** 2)
    assert.equal((await cells(row(page, '56×56/')))[4], `−${((2 * (before - after)) / 1e9).toFixed(2)}G`)
    assert.equal(await row(page, 'conv3_2 conv3_2_narrow').count(), 1)
  },

  'unchanged layers are listed by All; a model that did not change says so': async context => {
    const { page } = await opened(context)
    const count = await page.locator('.row.layer').count()
    await page.getByRole('radio', { name: 'All' }).click()
    assert.equal(await page.locator('.row.layer').count(), 16 + 10)
    await page.getByRole('radio', { name: 'Changed' }).click()
    assert.equal(await page.locator('.row.layer').count(), count)
    const same = await opened(context, 'single')
    assert.equal(
      await same.page.locator('.nothing').innerText(),
      'No difference: 1 layer with the same maps, params and MACs.',
    )
  },

  'what cannot be compared is said, and the sides can be changed': async context => {
    const panel = await opened(context)
    const { key } = (await messages(panel, 'compare')).at(-1)
    const [a, b] = [{ kind: 'revision', ref: 'nope' }, { kind: 'shown' }]
    const result = { state: 'refused', side: 'a', message: 'nope does not have vgg16.yaml.' }
    const offers = { git: true, revisions: ['HEAD'], files: [] }
    await panel.post({ type: 'comparison', key, a, b, offers, result })
    await panel.page.waitForSelector('#view-compare .banner')
    assert.equal(await panel.page.locator('#view-compare .banner').innerText(), 'A: nope does not have vgg16.yaml.')
    assert.equal(await panel.page.locator('vscode-single-select[aria-label="Side A"]').count(), 1)
    assert.equal(await panel.page.locator('.compare-table').count(), 0)
  },

  'the page asks anew when the model is another, and only then': async context => {
    const panel = await opened(context)
    const asked = async () => (await messages(panel, 'compare')).length
    assert.equal(await asked(), 1)
    await panel.show(context.models.modelOf('reduced'))
    assert.equal(await asked(), 1)
    await panel.show(context.models.modelOf('reduced', { unit: 'FLOPs' }))
    assert.equal(await asked(), 2)
    await panel.page.getByRole('tab', { name: 'Cost' }).click()
    await panel.show(context.models.modelOf('reduced'))
    assert.equal(await asked(), 2, 'not while another tab is shown')
  },

  'a comparison is exported as a picture and as tables': async context => {
    const panel = await opened(context)
    const { page } = panel
    const run = async label => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: label }).click()
    }
    await run('Chart as SVG…')
    await run('Chart as PNG…')
    await run('Table as CSV…')
    await run('Table as Markdown…')
    await page.waitForFunction(() => window.sent.filter(message => message.type === 'export').length === 4)
    const exported = Object.fromEntries((await messages(panel, 'export')).map(({ format, data }) => [format, data]))
    assert.match(exported.svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    assert.match(exported.svg, /conv3_2_narrow/)
    assert.doesNotMatch(exported.svg, /var\(|class=|<script/)
    assert.equal(Buffer.from(exported.png, 'base64').subarray(1, 4).toString(), 'PNG')
    assert.match(exported.csv, /^group,change,layer,what,A MACs,B MACs,A params,B params\n/)
    assert.match(exported.csv, /\n56×56,changed,conv3_2 → conv3_2_narrow,3×3 256→256 ⇒ 64→64,1849688064,115605504,/)
    assert.match(exported.md, /\| MACs \| 15\.5G \| 8\.09G \| −48% \|/)
    assert.deepEqual(panel.problems, [])
  },

  'a screen reader hears what became of each layer and of the totals': async context => {
    const { page } = await opened(context)
    assert.equal(
      await page.getByRole('treegrid').getAttribute('aria-label'),
      'Layers of A and B: 5 changed, 10 added, 11 unchanged',
    )
    const named = row(page, ' conv3_2_reduce')
    assert.equal(await named.locator('.mark .hidden-data').textContent(), 'added')
    assert.equal(
      await page.locator('.total dd').first().getAttribute('aria-label'),
      '15.5 billion to 8.09 billion, minus 48 percent',
    )
  },
}
