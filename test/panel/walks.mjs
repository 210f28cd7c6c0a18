/** Walks through the page by keys and pointer, with what it sends to the extension. */
import assert from 'node:assert/strict'

const active = page =>
  page.evaluate(() => {
    const element = document.activeElement
    return {
      row: element.dataset.row ?? null,
      hit: element.dataset.hit ?? null,
      line: element.dataset.line ?? null,
      id: element.id || null,
      role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
      name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().split('\n')[0].trim(),
    }
  })
const messages = async (panel, type) => (await panel.sent()).filter(message => message.type === type)
const selectedRows = page =>
  page.evaluate(() => [...document.querySelectorAll('[role=row][aria-selected=true]')].map(row => row.dataset.row))

async function shown({ open, models }, name, options) {
  const panel = await open(options)
  await panel.show(models.modelOf(name))
  return panel
}

export const walks = {
  'The paper table has its rows, is copied as LaTeX, asks for another K, and selects what a row holds':
    async context => {
      const model = context.models.modelOf('resnet')
      const panel = await shown(context, 'resnet', { kept: { tab: 'cost', view: 'paper', uri: model.uri } })
      const names = await panel.page.$$eval('.paper tbody th', heads => heads.map(head => head.textContent.trim()))
      assert.deepEqual(names.filter(Boolean), ['conv1', 'conv2_x', 'conv3_x', 'conv4_x', 'conv5_x', 'fc'])
      await panel.page.click('.paper-copy button:nth-of-type(2)')
      const [copied] = await messages(panel, 'copyText')
      assert.match(copied.text, /^\\begin\{table\}/)
      await panel.page.click('text=K = 1024')
      const [asked] = await messages(panel, 'paper')
      assert.deepEqual([asked.kilo, asked.biases], [1024, 'params'])
      await panel.page.click('.paper tbody tr:nth-of-type(1)')
      assert.equal(await panel.page.$$eval('.paper tr.selected', rows => rows.length), 1)
      assert.equal((await messages(panel, 'select')).length, 1)
    },

  'The paper table of modules does not scroll sideways: what has no room is a line below its row': async context => {
    const model = context.models.modelOf('googlenet')
    for (const width of [720, 480, 320]) {
      const panel = await shown(context, 'googlenet', { width, kept: { tab: 'cost', view: 'paper', uri: model.uri } })
      const seen = await panel.page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        heads: [...document.querySelectorAll('.paper thead th')].map(head => head.textContent),
        rows: [...document.querySelectorAll('.paper tbody tr')].map(row =>
          [...row.children].map(cell => cell.textContent.trim()).join(' | '),
        ),
      }))
      assert.ok(seen.wide <= width)
      assert.deepEqual(seen.heads, ['layer', 'output size', 'params', 'ops'])
      const at = seen.rows.findIndex(row => row.startsWith('3a'))
      assert.equal(seen.rows[at], '3a inception (3a) | 28×28×256 | 164K | 128M')
      assert.equal(seen.rows[at + 1], '#1×1 64 · #3×3 reduce 96 · #3×3 128 · #5×5 reduce 16 · #5×5 32 · pool proj 32')
    }
  },

  'Tab passes model, input, unit, device, actions, tabs, controls, chart, table in this order': async context => {
    const panel = await shown(context, 'resnet')
    const stops = []
    for (let i = 0; i < 20; i++) {
      await panel.page.keyboard.press('Tab')
      const at = await active(panel.page)
      if (at.role === 'body') break
      stops.push(
        at.row ? 'table' : at.hit ? 'chart' : at.role === 'tab' ? 'tab' : at.role === 'radio' ? 'radio' : at.name,
      )
    }
    assert.deepEqual(stops, [
      'Model',
      'Input 3×224×224: change',
      'Count in',
      'Device',
      'Stop following the editor',
      'Copy as Markdown',
      'Export',
      'More actions',
      'tab',
      'radio',
      'radio',
      'chart',
      'table',
    ])
  },

  'arrows in the chart select layers, Shift goes by block, Enter reveals the line': async context => {
    const panel = await shown(context, 'resnet')
    await panel.page.locator('[data-hit="conv1"]').focus()
    await panel.page.keyboard.press('ArrowRight')
    assert.equal((await active(panel.page)).hit, 'layer1.0.conv1')
    await panel.page.keyboard.press('Shift+ArrowRight')
    assert.equal((await active(panel.page)).hit, 'layer1.1.conv1')
    await panel.page.keyboard.press('Shift+ArrowLeft')
    assert.equal((await active(panel.page)).hit, 'layer1.0.conv1')
    await panel.page.keyboard.press('End')
    assert.equal((await active(panel.page)).hit, 'fc')
    assert.match(
      await panel.page.locator('.readout').innerText(),
      /^fc · linear 2048→1000 · N×2048 → N×1000 · 2\.0M params/,
    )
    assert.deepEqual(await selectedRows(panel.page), ['fc'])
    await panel.page.keyboard.press('Enter')
    const [reveal] = await messages(panel, 'reveal')
    assert.equal(reveal.place.line, context.models.modelOf('resnet').layers.at(-1).place.line)
    await panel.page.keyboard.press('Escape')
    assert.equal((await messages(panel, 'toEditor')).length, 1)
  },

  'the table opens, closes, filters and sorts by keys and by head': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    const rows = () => page.locator('[data-row]').count()
    const closed = await rows()
    await page.locator('[data-row="layer3/"]').focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await page.locator('[data-row="layer3/"]').getAttribute('aria-expanded'), 'true')
    assert.equal(await rows(), closed + 6)
    await page.keyboard.press('ArrowRight')
    assert.equal((await active(page)).row, 'layer3.0/')
    await page.keyboard.press('ArrowLeft')
    assert.equal((await active(page)).row, 'layer3/')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await rows(), closed)
    await page.keyboard.type('downs')
    const names = await page.locator('[data-row] .name-text').allInnerTexts()
    assert.equal(names.filter(name => name === 'downsample.0').length, 4)
    assert.match(await page.locator('.filter').innerText(), /downs/)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('.filter').count(), 0)
    assert.equal((await messages(panel, 'toEditor')).length, 0, 'the first Escape only clears the filter')

    await page.locator('[role=columnheader] button', { hasText: 'params' }).click()
    const params = await page.locator('[data-row] .cell.params').allInnerTexts()
    assert.equal(params[0], '2.4M', 'the largest layers are the three 3×3 of layer4 with 9·512·512 weights')
    assert.equal(await page.locator('.cell.params[aria-sort]').getAttribute('aria-sort'), 'descending')
    assert.equal(params.length, 54 + 17, '54 layers, and the norms of 16 blocks and of the stem')
  },

  'the heads of the table are above its first row, and sort by Enter': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    await page.locator('[data-row="conv1"]').focus()
    await page.keyboard.press('ArrowUp')
    assert.match((await active(page)).name, /^layer/)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('.cell.work[aria-sort]').getAttribute('aria-sort'), 'descending')
    await page.keyboard.press('ArrowDown')
    assert.notEqual((await active(page)).row, null)
  },

  'Escape closes the list of a select and stays in the panel': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    await page.locator('vscode-single-select[aria-label="Device"]').focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('vscode-single-select[open]').count(), 1)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('vscode-single-select[open]').count(), 0)
    assert.equal((await messages(panel, 'toEditor')).length, 0)
  },

  'a line that many layers share marks them without opening the whole table': async context => {
    const panel = await shown(context, 'resnet-yaml')
    const { page } = panel
    const model = context.models.modelOf('resnet-yaml')
    const inBlock = model.layers[0].places.find(place =>
      model.layers.slice(0, 53).every(layer => layer.places.some(other => other.line === place.line)),
    )
    const closed = await page.locator('[data-row]').count()
    await panel.post({ type: 'cursor', line: inBlock.line })
    await page.waitForSelector('rect.selection')
    assert.equal(await page.locator('[data-row]').count(), closed)
    assert.equal(await page.locator('rect.selection').count(), 5, 'one box for the stem and one for each stage')
    assert.match(await page.locator('.readout').innerText(), /53 layers/)
  },

  'a click selects everywhere and asks the editor to show the line; a double click goes there': async context => {
    const panel = await shown(context, 'vgg16')
    const { page } = panel
    await page.locator('[data-row="conv3_2"]').click()
    const model = context.models.modelOf('vgg16')
    const place = model.layers.find(layer => layer.id === 'conv3_2').place
    assert.deepEqual((await messages(panel, 'select')).at(-1).places, [place])
    assert.equal(await page.locator('.hit[aria-selected=true]').getAttribute('data-hit'), 'conv3_2')
    assert.equal(await page.locator('rect.selection').count(), 1)
    await page.locator('[data-hit="conv4_1"]').dblclick()
    assert.equal((await messages(panel, 'reveal')).length, 1)
  },

  'the cursor of the editor selects its layers, unless the panel is pinned': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    const layer = context.models.modelOf('resnet').layers.find(each => each.id === 'layer2.1.conv2')
    await panel.post({ type: 'cursor', line: layer.place.line })
    await page.waitForSelector('[data-row="layer2.1.conv2"][aria-selected=true]')
    assert.equal(await page.locator('[aria-current=location]').getAttribute('data-row'), 'layer2.1.conv2')
    await page.getByRole('button', { name: 'Stop following the editor' }).click()
    assert.deepEqual((await messages(panel, 'pin')).at(-1), { type: 'pin', pinned: true })
    await panel.post({ type: 'cursor', line: 1 })
    await page.waitForSelector('[data-row="conv1"][aria-current=location]')
    assert.deepEqual(await selectedRows(page), ['layer2.1.conv2'])
  },

  'new numbers keep the selection, the open rows and the place of the keyboard': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    await page.locator('[data-row="layer4/"]').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await panel.show(context.models.modelOf('resnet', { unit: 'FLOPs' }))
    assert.equal((await active(page)).row, 'layer4.0/')
    assert.deepEqual(await selectedRows(page), ['layer4.0/'])
    assert.equal(await page.locator('.figure dd').first().innerText(), '8.18G')
    assert.equal(await page.locator('.figure dt').first().innerText(), 'FLOPs')
  },

  'a reload shows the kept numbers, tab and selection before the extension answers': async context => {
    const panel = await shown(context, 'resnet')
    await panel.page.locator('[data-row="fc"]').click()
    await panel.page.getByRole('tab', { name: 'Bottlenecks' }).click()
    const kept = await panel.kept()
    const again = await context.open({ kept })
    await again.page.waitForSelector('.figures')
    assert.equal(await again.page.locator('.figure dd').first().innerText(), '4.09G')
    assert.equal(await again.page.locator('[role=tab][aria-selected=true]').innerText(), 'Bottlenecks')
    assert.equal((await messages(again, 'ready'))[0].uri, 'file:///resnet.py')
    await again.page.getByRole('tab', { name: 'Cost' }).click()
    assert.deepEqual(await selectedRows(again.page), ['fc'])
  },

  'the icicle goes up and down its levels': async context => {
    const panel = await shown(context, 'resnet', { kept: { view: 'icicle' } })
    const { page } = panel
    await page.locator('[data-hit="layer2.0.conv2"]').focus()
    await page.keyboard.press('ArrowUp')
    assert.equal((await active(page)).hit, 'layer2.0/')
    await page.keyboard.press('ArrowUp')
    assert.equal((await active(page)).hit, 'layer2/')
    await page.keyboard.press('ArrowRight')
    assert.equal((await active(page)).hit, 'layer3/')
    assert.match(
      await page.locator('.readout').innerText(),
      /^layer3 · 6 blocks · N×1024×14×14 · 7\.1M params · 1\.46G MACs · 36%/,
    )
  },

  'the list of bottlenecks is walked by arrows; groups open and close': async context => {
    const panel = await shown(context, 'vgg16', { kept: { tab: 'bottlenecks' } })
    const { page } = panel
    const heads = await page.locator('.row.group').allInnerTexts()
    assert.deepEqual(
      heads.map(text => text.replace(/\s+/g, ' ').trim()),
      [
        'Pays in MACs, traffic and time 6',
        'Pays in MACs and time, costs traffic 4',
        'Does not pay in time on T4 fp16 2',
        'Not proposed 4: conv1_1 has only 3 input channels; fc6 to fc8 are linear',
      ],
    )
    await page.locator('[data-line="all"]').focus()
    await page.keyboard.press('ArrowDown')
    const first = page.locator('.row.proposal').first()
    assert.match(await first.innerText(), /conv4_2\s*3×3 512→128→512 28²/)
    assert.match((await active(page)).name, /^conv4_2/)
    assert.match(
      await first.locator('.hidden-data').first().textContent(),
      /MACs 1\.85 giga to 218 mega, minus 88 percent/,
    )
    await page.keyboard.press('Enter')
    assert.equal((await messages(panel, 'reveal')).length, 1)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.locator('[data-line="all"]').getAttribute('aria-expanded'), 'false')
    assert.equal(await page.locator('.row.proposal').count(), 6)
  },

  'form, width, unit, device and model are asked of the extension': async context => {
    const panel = await shown(context, 'vgg16', { kept: { tab: 'bottlenecks' } })
    const { page } = panel
    const choose = async (label, option) => {
      await page.locator(`vscode-single-select[aria-label="${label}"]`).click()
      await page.locator(`vscode-single-select[aria-label="${label}"] li.option`, { hasText: option }).click()
    }
    await choose('Form', 'reduce')
    assert.deepEqual((await messages(panel, 'options')).at(-1), {
      type: 'options',
      form: 'reduce',
      ratio: 4,
      multiple: 8,
    })
    await choose('Width', 'C/8')
    assert.deepEqual((await messages(panel, 'options')).at(-1), {
      type: 'options',
      form: 'reduce',
      ratio: 8,
      multiple: 8,
    })
    await choose('Count in', 'FLOPs')
    assert.deepEqual((await messages(panel, 'setUnit')).at(-1), { type: 'setUnit', unit: 'FLOPs' })
    await choose('Device', 'A100 fp16')
    assert.deepEqual((await messages(panel, 'setDevice')).at(-1), { type: 'setDevice', device: 'a100-fp16' })
    await page.locator('.input-chip').click()
    assert.equal((await messages(panel, 'editInput')).length, 1)
  },

  'menus open with the first entry focused, and export sends a picture of the chart': async context => {
    const panel = await shown(context, 'resnet')
    const { page } = panel
    await page.getByRole('button', { name: 'Export' }).focus()
    await page.keyboard.press('Enter')
    assert.equal((await active(page)).name, 'Table as CSV…')
    await page.keyboard.press('Escape')
    assert.equal((await active(page)).id, 'menu-export')
    for (const [label, format] of [
      ['Chart as SVG…', 'svg'],
      ['Chart as PNG…', 'png'],
    ]) {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: label }).click()
      await page.waitForFunction(f => window.sent.some(m => m.type === 'export' && m.format === f), format)
    }
    const [svg, png] = await messages(panel, 'export')
    assert.match(svg.data, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    assert.match(svg.data, /layer3/)
    assert.doesNotMatch(svg.data, /var\(|class=|<script/)
    assert.equal(Buffer.from(png.data, 'base64').subarray(1, 4).toString(), 'PNG')
    assert.deepEqual(panel.problems, [])
  },

  'the keys are listed by ? and closed by Escape': async context => {
    const panel = await shown(context, 'resnet')
    await panel.page.locator('[data-row="fc"]').focus()
    await panel.page.keyboard.press('?')
    assert.equal(await panel.page.getByRole('dialog').count(), 1)
    await panel.page.keyboard.press('Escape')
    assert.equal(await panel.page.getByRole('dialog').count(), 0)
    assert.equal((await messages(panel, 'toEditor')).length, 0)
  },

  'progress shows after 300 ms and not before, and numbers stay': async context => {
    const panel = await shown(context, 'resnet')
    await panel.post({ type: 'reading', file: 'resnet.py' })
    await panel.page.waitForTimeout(120)
    assert.equal(await panel.page.locator('vscode-progress-bar').count(), 0)
    await panel.page.waitForSelector('vscode-progress-bar', { state: 'attached' })
    assert.equal(await panel.page.locator('.figure dd').first().innerText(), '4.09G')
    await panel.post({ type: 'failed', message: 'The file could not be read.' })
    await panel.page.waitForSelector('.banner.error')
    assert.equal(await panel.page.locator('.figure dd').first().innerText(), '4.09G')
  },
}
