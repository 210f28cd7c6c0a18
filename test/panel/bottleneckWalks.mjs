/** Walks through the detail of a proposal, the slider, ticks and budgets. The advisor answers as the server does. */
import assert from 'node:assert/strict'

const messages = async (panel, type) => (await panel.sent()).filter(message => message.type === type)

/** VGG-16, or another network, with a layer's detail beside the list. */
async function opened({ open, models }, layer = 'conv3_2', { width = 1310, name = 'vgg', ...kept } = {}) {
  const model = models.modelOf(name)
  const panel = await open({ width, kept: { tab: 'bottlenecks', uri: model.uri, model, selection: [layer], ...kept } })
  panel.answers(name)
  await panel.show(model)
  await panel.page.waitForSelector('.costs')
  return panel
}

const r = async page => Number(await page.locator('[role=slider]').getAttribute('aria-valuenow'))
const costs = page =>
  page.evaluate(() =>
    [...document.querySelectorAll('.costs tr')].map(row => [...row.cells].map(cell => cell.innerText)),
  )
const footer = async page => (await page.locator('.footer').innerText()).replace(/\s+/g, ' ').trim()

/** Pixels of the page at which a width stands on the axis of the curve. */
const at = (page, width) =>
  page.evaluate(wanted => {
    const ticks = [...document.querySelectorAll('#chart text')].filter(text => /^\d+$/.test(text.textContent))
    const of = value => ticks.findLast(text => text.textContent === value && text.getBoundingClientRect().top > 400)
    const middle = box => box.left + box.width / 2
    const [from, to] = [middle(of('0').getBoundingClientRect()), middle(of('256').getBoundingClientRect())]
    return { x: from + (wanted / 256) * (to - from), y: of('256').getBoundingClientRect().top - 40 }
  }, width)

/** The closed formula of advisor.md: 1×1 Cin→r, 3×3 r→r, 1×1 r→Cout on a map of HW positions. */
const bottleneckMacs = (cin, cout, hw, width) => width * cin * hw + (9 * width * width + width * cout) * hw

export const bottleneckWalks = {
  'the detail is that of the picture: 256→256 on 56×56 through 64': async context => {
    const panel = await opened(context)
    const { page } = panel
    // DESIGN's picture panel-bottlenecks, computed there; activations are 256·56² and (64 + 64 + 256)·56² of fp16.
    assert.deepEqual(await costs(page), [
      ['', 'as written', 'r = 64', 'change', 'pays while'],
      ['MACs', '1.85G', '218M', '÷ 8.5', 'r ≤ 229'],
      ['params', '590k', '69.9k', '÷ 8.4', 'r ≤ 229'],
      ['traffic, fp16', '4.39 MB', '4.96 MB', '+13%', 'r ≤ 43'],
      ['least time, T4', '62 µs', '31 µs', '÷ 2.0', 'r ≤ 183'],
      ['activations, fp16', '1.61 MB', '2.41 MB', '+50%', '–'],
      ['kernels', '1', '3', '+2', '5 µs each'],
    ])
    assert.equal(await page.locator('.chain-words').innerText(), '1×1 256→64, 3×3 64→64, 1×1 64→256')
    assert.match(
      await page.locator('.detail-head').innerText(),
      /^conv3_2 3×3, 256→256 on 56×56 · 12%\s+vgg16\.yaml:\d+$/,
    )
    assert.equal(
      await page.locator('[role=slider]').getAttribute('aria-valuetext'),
      'r 64: MACs divided by 8.5, traffic plus 13 percent, least time divided by 2.0',
    )
    assert.deepEqual(await page.locator('.curve-end-text').allTextContents(), ['229', '183', '43'])
    assert.match(await page.locator('.cautions').innerText(), /Traffic grows by 13%, from 4\.39 MB to 4\.96 MB/)
    assert.deepEqual(panel.problems, [])
  },

  'a drag follows by formula, snaps to the multiple, and is asked when it is let go': async context => {
    const panel = await opened(context)
    const { page } = panel
    const asked = (await messages(panel, 'proposal')).length
    const [from, to, free] = [await at(page, 64), await at(page, 129), await at(page, 100)]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 5 })
    assert.equal(await r(page), 128)
    const macs = bottleneckMacs(256, 256, 56 * 56, 128)
    assert.equal((await costs(page))[1][2], `${Math.round(macs / 1e6)}M`)
    assert.match(await page.locator('.row.selected').innerText(), /256→128→256/)
    assert.equal((await messages(panel, 'proposal')).length, asked, 'nothing is asked while it moves')
    await page.mouse.up()
    await page.waitForFunction(before => window.sent.filter(m => m.type === 'proposal').length > before, asked)
    assert.equal((await messages(panel, 'proposal')).at(-1).params.pick.width, 128)
    await page.keyboard.down('Alt')
    await page.mouse.move(to.x, to.y)
    await page.mouse.down()
    await page.mouse.move(free.x, free.y, { steps: 3 })
    await page.mouse.up()
    await page.keyboard.up('Alt')
    const width = await r(page)
    assert.ok(Math.abs(width - 100) <= 1 && width % 8 !== 0, `Alt drags freely: ${width}`)
  },

  'a drag that rests is asked without being let go': async context => {
    const panel = await opened(context)
    const { page } = panel
    const asked = (await messages(panel, 'proposal')).length
    const { x, y } = await at(page, 96)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.waitForTimeout(150)
    assert.equal((await messages(panel, 'proposal')).length, asked)
    await page.waitForFunction(before => window.sent.filter(m => m.type === 'proposal').length > before, asked)
    assert.equal((await messages(panel, 'proposal')).at(-1).params.pick.width, 96)
    await page.mouse.up()
  },

  'keys move r by multiples, by 1, by factors of 2, to the ends and to break-evens': async context => {
    const { page } = await opened(context)
    await page.locator('[role=slider]').focus()
    const walk = [
      ['ArrowRight', 72],
      ['Shift+ArrowRight', 73],
      ['ArrowLeft', 72],
      ['PageUp', 144],
      ['PageDown', 72],
      ['Home', 8],
      // 229 is the largest that pays in MACs; 224 the largest multiple of 8.
      ['End', 224],
      ['b', 229],
      ['b', 43],
      ['b', 183],
    ]
    for (const [key, expected] of walk) {
      await page.keyboard.press(key)
      assert.equal(await r(page), expected, key)
    }
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'slider')
  },

  'a width that saves nothing says so, and the slider stays': async context => {
    const { page } = await opened(context)
    await page.locator('[role=slider]').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() =>
      /Not written here\. r 232 costs more MACs/.test(document.querySelector('.cautions').innerText),
    )
    assert.equal(await r(page), 232)
  },

  'the form of one layer is chosen beside the list, and its row follows': async context => {
    const panel = await opened(context)
    const { page } = panel
    await page.getByRole('radio', { name: 'expand' }).click()
    await page.waitForFunction(() => /3×3 256→64, 1×1 64→256/.test(document.querySelector('.chain-words')?.textContent))
    // k² Cin r H′W′ + r Cout H′W′ of advisor.md.
    const macs = 64 * (9 * 256 + 256) * 56 * 56
    assert.equal((await costs(page))[1][2], `${Math.round(macs / 1e6)}M`)
    await page.getByRole('radio', { name: 'separable' }).click()
    await page.waitForFunction(() =>
      /depthwise 3×3 256→256, 1×1 256→256/.test(document.querySelector('.chain-words')?.textContent),
    )
    assert.equal(await page.locator('[role=slider]').count(), 0)
    assert.match(await page.locator('.row.selected').innerText(), /3×3 256→256 56²/)
  },

  'ticks come to what the text says with all of them; applying sends them once': async context => {
    const panel = await opened(context)
    const { page } = panel
    for (const layer of ['conv4_2', 'conv4_3', 'conv4_1', 'conv3_2', 'conv3_3']) {
      await page.locator(`[data-line="${layer}"]`).focus()
      await page.keyboard.press('Space')
    }
    await page.waitForFunction(() => /8\.09G/.test(document.querySelector('.footer').textContent))
    // DESIGN's picture panel-bottlenecks.
    assert.equal(
      await footer(page),
      '5 of 12 ticked Clear MACs 15.5G → 8.09G −48% params 138M → 132M −4.6% least time 1.35 ms → 1.20 ms −11% Preview edits Apply 5',
    )
    assert.equal(await page.locator('[role=checkbox][aria-checked=true]').count(), 5)
    await page.getByRole('button', { name: 'Preview edits' }).click()
    assert.equal((await messages(panel, 'preview'))[0].params.picks.length, 5)
    await page.getByRole('button', { name: 'Apply 5' }).click()
    const [apply] = await messages(panel, 'apply')
    assert.equal(apply.version, 0)
    assert.equal(apply.params.picks.length, 5)
    assert.ok(await page.getByRole('button', { name: /Apply/ }).isDisabled(), 'not twice')
    await panel.post({ type: 'edited', applied: false, text: 'The file changed; refreshing.' })
    await page.waitForFunction(() => /The file changed; refreshing/.test(document.querySelector('.footer').textContent))
    assert.equal(await page.locator('[role=checkbox][aria-checked=true]').count(), 5, 'what was refused stays ticked')
    await panel.post({ type: 'edited', applied: true, text: '' })
    await page.waitForFunction(() => /^0 of 12/.test(document.querySelector('.footer').innerText))
    assert.match(await page.locator('[aria-live]').innerText(), /^5 edits made: 15\.5G to 8\.09G MACs, −48%\./)
    assert.deepEqual(panel.problems, [])
  },

  'a sentence says the form, how many pay and where that is another': async context => {
    const panel = await opened(context)
    const { page } = panel
    const sentence = () => page.locator('.note-line').innerText()
    // The picture of the design: six pay in everything, four cost traffic, two do not pay in time.
    const finding = '10 of 12 pay in least time on T4 fp16, a bound: nothing was run.'
    assert.equal(await sentence(), `Each k×k layer becomes 1×1 to r channels, k×k at r, 1×1 out again. ${finding}`)
    await page.locator('.detail [role=radio]', { hasText: 'reduce' }).click()
    await page.waitForFunction(() =>
      / One row is set by hand\. /.test(document.querySelector('.note-line').textContent),
    )
  },

  'a linear layer says what a bottleneck of it would be': async context => {
    const panel = await opened(context)
    const { page } = panel
    await page.locator('[role=row]', { hasText: 'Not proposed' }).click()
    await page.locator('[data-line="fc7"] .name').click()
    // 4096 · 4096 weights against 2 · 4096 · r.
    await page.waitForFunction(() =>
      /4,096→r→4,096, .* while r ≤ 2,047;/.test(document.querySelector('.detail').innerText),
    )
    assert.match(await page.locator('.detail-title').innerText(), /^fc7\s+linear, 4096→4096 · /)
  },

  'in a low window the rows have the room: only the tabs stay': async context => {
    const panel = await opened(context)
    const { page } = panel
    await page.setViewportSize({ width: 1310, height: 400 })
    await page.evaluate(() => window.scrollTo(0, 400))
    const inView = await page.evaluate(() =>
      ['.header', '.tabs', '.footer'].map(name => {
        const { top, bottom } = document.querySelector(name).getBoundingClientRect()
        return top >= -1 && bottom <= innerHeight + 1
      }),
    )
    assert.deepEqual(inView, [false, true, false])
    await page.setViewportSize({ width: 1310, height: 700 })
    await page.evaluate(() => window.scrollTo(0, 200))
    assert.ok(await page.evaluate(() => document.querySelector('.header').getBoundingClientRect().top >= -1))
  },

  'while the text cannot be read nothing may be written, and that is said': async context => {
    const panel = await opened(context)
    const { page } = panel
    await page.locator('[data-line="conv4_2"] [role=checkbox]').click()
    await page.waitForFunction(() => !document.querySelector('.footer .primary').disabled)
    const model = context.models.modelOf('vgg')
    const behind = 'Line 9 does not parse yet.'
    const banner = {
      severity: 'info',
      title: '',
      text: `${behind} These are the numbers before that.`,
      line: 9,
      list: [],
      more: 0,
    }
    await panel.show({ ...model, behind, broken: true, banners: [banner] })
    await page.waitForSelector('.banner.info')
    assert.deepEqual(await page.$$eval('.footer .apply button', buttons => buttons.map(button => button.disabled)), [
      true,
      true,
    ])
    assert.equal(await page.locator('[role=checkbox][aria-checked=true]').count(), 1)
    assert.match(await page.locator('.figures').innerText(), /15\.5G/)
    await panel.show(model)
    assert.equal(await page.locator('.banner').count(), 0)
    await page.waitForFunction(() => !document.querySelector('.footer .primary').disabled)
  },

  'a budget ticks the cheapest edits, or says how low it gets': async context => {
    const panel = await opened(context)
    const { page } = panel
    const bring = async text => {
      await page.getByRole('textbox', { name: 'Budget' }).fill(text)
      await page.keyboard.press('Enter')
    }
    await bring('lots')
    assert.match(await page.locator('.note-line').innerText(), /lots is no number/)
    await bring('14G')
    await page.waitForFunction(() => document.querySelectorAll('[role=checkbox][aria-checked=true]').length > 0)
    // One 3×3 of 512 channels on 28×28 has 1.85G, and 15.5G − 14G is less.
    assert.equal(await page.locator('[role=checkbox][aria-checked=true]').count(), 1)
    await page.waitForFunction(() =>
      /MACs 15\.5G → 1[0-4]\.\d/.test(document.querySelector('.footer').innerText.replace(/\s+/g, ' ')),
    )
    await bring('1M')
    await page.waitForFunction(() =>
      /It does not get under 1\.0M MACs/.test(document.querySelector('.note-line').textContent),
    )
    assert.match(await page.locator('[aria-live]').innerText(), /gets down to/)
    await bring('20G')
    await page.waitForFunction(() =>
      /It has 15\.5G MACs already/.test(document.querySelector('.note-line').textContent),
    )
  },

  'a line that builds several layers keeps its widths in proportion and on the multiple': async context => {
    const panel = await opened(context, 'blocks.2.conv', { name: 'blocks' })
    const { page } = panel
    assert.match(await page.locator('.row.selected').innerText(), /conv ×3\s+3×3 64…128→16…32→64…256/)
    assert.match(
      await page.locator('.chain-words').innerText(),
      /^1×1 128→32, 3×3 32→32, 1×1 32→256 at its heaviest call, r\s=\scin \/\/ 4$/,
    )
    await page.locator('[role=slider]').focus()
    await page.keyboard.press('Shift+ArrowRight')
    assert.equal(await r(page), 32, 'not between multiples')
    await page.keyboard.press('PageUp')
    assert.equal(await r(page), 64)
    assert.match(await page.locator('.row.selected').innerText(), /64…128→32…64→64…256/)
    await page.waitForFunction(() => /r\s=\scin \/\/ 2/.test(document.querySelector('.chain-words').textContent))
    // The formula of advisor.md for the three calls, with r = C/2.
    const macs = [
      [64, 64],
      [64, 128],
      [128, 256],
    ].map(([cin, cout]) => bottleneckMacs(cin, cout, 56 * 56, cin / 2))
    const sum = macs.reduce((a, b) => a + b)
    assert.equal((await costs(page))[1][2], `${Math.round(sum / 1e6)}M`)
  },

  'on a narrow page the detail opens under its row, and closes with another': async context => {
    const panel = await opened(context, 'conv3_2', { width: 480 })
    const { page } = panel
    const order = () =>
      page.evaluate(() => {
        const at = document.querySelector('.row-detail')
        return at.previousElementSibling.dataset.line
      })
    assert.equal(await order(), 'conv3_2')
    await page.locator('[data-line="conv4_2"]').click()
    await page.waitForFunction(() => /512→512 on 28×28/.test(document.querySelector('.detail-head')?.textContent))
    assert.equal(await order(), 'conv4_2')
    assert.equal(await page.locator('.row-detail').count(), 1)
  },

  'ticks, forms and widths survive a reload and lines that move; another network starts afresh': async context => {
    const panel = await opened(context)
    const { page } = panel
    await page.locator('[data-line="conv3_2"]').focus()
    await page.keyboard.press('Space')
    await page.locator('[role=slider]').focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => window.sent.some(m => m.type === 'applied' && m.params.picks[0].width === 72))
    const kept = await panel.kept()
    assert.deepEqual([kept.ticks, kept.choices], [['conv3_2'], { conv3_2: { width: 72 } }])
    const model = context.models.modelOf('vgg')
    const moved = JSON.parse(
      JSON.stringify(model).replaceAll(/"at":"(\d+):/g, (_, line) => `"at":"${Number(line) + 1}:`),
    )
    await panel.show({ ...moved, version: 1 })
    await page.waitForFunction(() => window.sent.some(m => m.type === 'applied' && m.key.includes('yaml",1,')))
    const [before, after] = [(await messages(panel, 'applied'))[0], (await messages(panel, 'applied')).at(-1)]
    const line = message => Number.parseInt(message.params.picks[0].place, 10)
    assert.equal(line(after), line(before) + 1)
    assert.deepEqual((await panel.kept()).choices, { conv3_2: { width: 72 } })
    await panel.show(context.models.modelOf('resnet'))
    assert.deepEqual((await panel.kept()).ticks, [])
  },

  'the list and its curve are exported as text and as pictures': async context => {
    const panel = await opened(context, 'conv3_2', { ticks: ['conv3_2'] })
    const { page } = panel
    const choose = async label => {
      await page.getByRole('button', { name: 'Export' }).click()
      const before = (await messages(panel, 'export')).length
      await page.getByRole('menuitem', { name: label }).click()
      await page.waitForFunction(count => window.sent.filter(m => m.type === 'export').length > count, before)
      return (await messages(panel, 'export')).at(-1)
    }
    const csv = await choose('Table as CSV…')
    assert.equal(csv.tab, 'bottlenecks', 'what the file is named after')
    const lines = csv.data.trim().split('\n')
    assert.equal(lines.length, 1 + 12 + 4)
    assert.doesNotMatch(csv.data, /\.\d{13,}/, 'no digits of floating point')
    const macs = 9 * 256 * 256 * 56 * 56
    const row = lines.find(line => line.startsWith('conv3_2,'))
    assert.ok(row.includes(`,yes,${macs},${bottleneckMacs(256, 256, 56 * 56, 64)},`), row)
    assert.match(
      (await choose('Table as Markdown…')).data,
      /\| conv3_2 \| 1 \| \d+ \| 3×3 \| 256 \| 64 \| 256 \| 56² \| yes \|/,
    )
    assert.match((await choose('Curve as SVG…')).data, /^<svg .*as written.*r = 64/s)
    assert.match((await choose('List as SVG…')).data, /^<svg .*Pays in MACs, traffic and time.*conv4_2.*−88%/s)
    const png = await choose('List as PNG…')
    assert.equal(Buffer.from(png.data, 'base64').subarray(1, 4).toString(), 'PNG')
    assert.deepEqual(panel.problems, [])
  },

  'a step of a drag is drawn within a frame (measured, not asserted)': async context => {
    const { page } = await opened(context)
    const times = await page.evaluate(async () => {
      const area = document.querySelector('.curve')
      const box = area.getBoundingClientRect()
      const event = (type, x) =>
        new PointerEvent(type, {
          bubbles: true,
          pointerId: 1,
          button: 0,
          clientX: box.left + x,
          clientY: box.top + 100,
        })
      area.setPointerCapture = () => {}
      area.dispatchEvent(event('pointerdown', 60))
      const took = []
      for (let step = 0; step < 120; step++) {
        const from = performance.now()
        area.dispatchEvent(event('pointermove', 60 + 3 * (step % 100)))
        document.body.getBoundingClientRect()
        took.push(performance.now() - from)
        await new Promise(requestAnimationFrame)
      }
      area.dispatchEvent(event('pointerup', 200))
      return took.sort((a, b) => a - b)
    })
    console.log(`    a step of a drag: median ${times[60].toFixed(1)} ms, longest ${times.at(-1).toFixed(1)} ms`)
    assert.equal(times.length, 120)
  },
}
