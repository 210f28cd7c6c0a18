/** Walks through the tabs Picture and Roofline. */
import assert from 'node:assert/strict'

const messages = async (panel, type) => (await panel.sent()).filter(message => message.type === type)

async function opened({ open, models }, name, kept, { width = 1100, change = model => model } = {}) {
  const model = change(models.modelOf(name))
  const panel = await open({ width, kept: { uri: model.uri, model, ...kept } })
  await panel.show(model)
  return panel
}

const texts = page => page.locator('#chart text').allTextContents()
const choose = async (page, label, option) => {
  const select = page.locator(`vscode-single-select[aria-label="${label}"]`)
  await select.click()
  await select.locator('li.option', { hasText: option }).first().click()
}
const value = (page, label) => page.locator(`vscode-single-select[aria-label="${label}"]`).evaluate(s => s.value)
const has = (list, ...wanted) => {
  for (const text of wanted) assert.ok(list.includes(text), `${text} is not among ${list.join(' | ')}`)
}

export const drawingWalks = {
  'Picture: the 5×5 on 28×28×256, direct and through 16, to the digit': async context => {
    const panel = await opened(context, 'inception5', { tab: 'picture', form: 'reduce', ratio: 16 })
    const { page } = panel
    // examples.md and the figures that explain Inception: 32 · 25 · 256 · 28² and 16 · 256 · 28² + 32 · 25 · 16 · 28².
    const list = await texts(page)
    has(list, '32 kernels 5×5×256', '204,800 weights', '161M MACs', '160,563,200 MACs', '28×28×256', '28×28×32')
    has(list, '16 kernels 1×1×256', '4,096 weights', '3.2M MACs', '28×28×16')
    has(list, '32 kernels 5×5×16', '12,800 weights', '10.0M MACs', '13,246,464 MACs', '÷ 12')
    has(list, 'pays while r ≤ 193; traffic while r ≤ 78')
    const label = await page.locator('#chart [role=img]').getAttribute('aria-label')
    assert.match(label, /160,563,200 MACs\. Through a 1×1 to 16: 13,246,464 MACs, ÷ 12\.$/)
    // 256 channels are 16 times as long as 16, and as high.
    const [wide, narrow] = await page.locator('#chart .face.front').evaluateAll(faces =>
      faces.slice(2, 4).map(face => {
        const { width, height } = face.getBBox()
        return { width, height }
      }),
    )
    assert.ok(Math.abs(wide.width / narrow.width - 16) < 0.3, `${wide.width} and ${narrow.width}`)
    assert.ok(Math.abs(wide.height - narrow.height) < 0.2)
  },

  'Picture: form and width are those of the Bottlenecks tab, and are set here too': async context => {
    const panel = await opened(context, 'vgg16', { tab: 'picture', selection: ['conv4_2'] })
    const { page } = panel
    assert.deepEqual([await value(page, 'Form'), await value(page, 'Width r')], ['bottleneck', '128'])
    await choose(page, 'Form', 'reduce')
    await choose(page, 'Width r', '64')
    has(await texts(page), '64 kernels 1×1×512', '512 kernels 3×3×64')
    const { choices } = await panel.kept()
    assert.deepEqual(Object.values(choices), [{ form: 'reduce', width: 64 }])
    await choose(page, 'Form', 'separable')
    has(await texts(page), '512 kernels 3×3×1', '512 kernels 1×1×512')
    assert.equal(await page.locator('vscode-single-select[aria-label="Width r"]').count(), 0)
    await page.getByRole('radio', { name: 'as written' }).click()
    const alone = await texts(page)
    has(alone, '512 kernels 3×3×512')
    assert.ok(!alone.some(text => text.startsWith('512 kernels 1×1')))
    assert.equal((await panel.kept()).picture.beside, false)
  },

  'Picture: another layer is chosen from the list or in the profile, and is selected everywhere': async context => {
    const panel = await opened(context, 'googlenet', { tab: 'picture', selection: ['inception3a/'] })
    const { page } = panel
    const list = await page.locator('#profile text').allTextContents()
    has(list, '192', '28×28', '64', '96', '128', '16', '32', '256', '128,049,152 MACs')
    await page.locator('#profile [data-hit="inception3a.5x5.conv5x5.conv"]').click()
    has(await texts(page), '32 kernels 5×5×16', '28×28×16')
    assert.equal((await messages(panel, 'select')).at(-1).places.length, 1)
    assert.deepEqual((await panel.kept()).selection, ['inception3a.5x5.conv5x5.conv'])
    await page.locator('#profile [data-hit="inception3a.5x5.conv5x5.conv"]').focus()
    await page.keyboard.press('ArrowRight')
    assert.deepEqual((await panel.kept()).selection, ['inception3a.pool.project.conv'])
    await choose(page, 'Layer', 'conv2.conv')
    assert.deepEqual((await panel.kept()).selection, ['conv2.conv'])
    await choose(page, 'Channels of', 'inception4e')
    assert.match(await page.locator('#profile [role=img]').getAttribute('aria-label'), /^Channels of inception4e/)
  },

  'Picture: small constant tensors show their numbers': async context => {
    // examples.md, 1: [[1, 2], [3, 4], …] weighed by [1, 2].
    const { page } = await opened(context, 'byhand', { tab: 'picture' })
    has(await texts(page), 'input, channel 2', 'filter, channel 1', 'output, channel 1', '18', '53', '1·1 + 2·2 = 5')
    assert.equal(await page.locator('#chart .face').count(), 0)
  },

  'Picture: a network without a layer that could be drawn says so': async context => {
    const change = model => ({ ...model, picture: { ...model.picture, geometryOf: model.layers.map(() => null) } })
    const { page } = await opened(context, 'unknown', { tab: 'picture' }, { change })
    assert.match(await page.locator('#view-picture').innerText(), /No layer has a kernel and sizes that are known/)
  },

  'Roofline: arrows go by intensity and by work, Enter reveals the line': async context => {
    const panel = await opened(context, 'resnet', { tab: 'roofline' })
    const { page } = panel
    const model = context.models.modelOf('resnet')
    const hits = await page.locator('#chart [data-hit]').evaluateAll(list => list.map(hit => hit.dataset.hit))
    const intensity = id => model.layers.find(layer => layer.id === id).intensity
    assert.deepEqual(
      hits,
      [...hits].sort((a, b) => intensity(a) - intensity(b)),
    )
    assert.equal(hits[0], 'fc', 'the linear layer reads every weight for two operations')
    await page.locator('[data-hit="fc"]').focus()
    await page.keyboard.press('ArrowRight')
    const focused = () => page.evaluate(() => document.activeElement.dataset.hit)
    assert.equal(await focused(), hits[1])
    const work = id => model.layers.find(layer => layer.id === id).work
    const before = await focused()
    await page.keyboard.press('ArrowUp')
    const above = await focused()
    assert.ok(work(above) >= work(before))
    const between = hits.filter(id => work(id) > work(before) && work(id) < work(above))
    assert.deepEqual(between, [], 'the next by work')
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(), before)
    await page.keyboard.press('Enter')
    assert.equal((await messages(panel, 'reveal')).length, 1)
    assert.equal(await page.locator('#chart .ring').count(), 1)
    assert.match(await page.locator('.roofline-side').innerText(), /of memory for/)
  },

  'Roofline: equal layers are one mark and are selected together': async context => {
    const panel = await opened(context, 'resnet', { tab: 'roofline' })
    await panel.page.locator('[data-hit="layer1.1.conv1"]').click()
    assert.deepEqual((await panel.kept()).selection, ['layer1.1.conv1', 'layer1.2.conv1'])
    const label = await panel.page.locator('[data-hit="layer1.1.conv1"]').getAttribute('aria-label')
    assert.match(label, /waits for memory; 2 equal layers$/)
    const sums = await panel.page.locator('.kinds tbody tr').allInnerTexts()
    assert.match(sums[0].replace(/\s+/g, ' '), /^k×k 17 48% 33% 11 of 17$/)
  },

  'Roofline: a selected proposal has arrows to its kernels; ticked ones have theirs': async context => {
    const panel = await opened(context, 'vgg16', { tab: 'roofline', selection: ['conv4_2'], form: 'reduce' })
    assert.equal(await panel.page.locator('#chart .mark.after').count(), 2)
    const model = context.models.modelOf('vgg16')
    const ticks = model.bottlenecks.groups[0].proposals.slice(0, 3).map(({ id }) => id)
    const ticked = await opened(context, 'vgg16', { tab: 'roofline', ticks })
    const points = new Set(
      model.bottlenecks.groups[0].proposals
        .slice(0, 3)
        .map(({ inChannels, outChannels, size }) => `${inChannels} ${outChannels} ${size}`),
    )
    assert.equal(await ticked.page.locator('#chart .mark.after').count(), 3 * points.size)
  },

  'Roofline: the device is chosen where its figures stand': async context => {
    const panel = await opened(context, 'resnet', { tab: 'roofline' })
    await choose(panel.page, 'Device of the roofline', 'A100 fp16: 312 TFLOP/s')
    assert.deepEqual((await messages(panel, 'setDevice')).at(-1), { type: 'setDevice', device: 'a100-fp16' })
    await panel.show(context.models.modelOf('resnet', { device: 'a100-fp16' }))
    has(await texts(panel.page), '201')
  },

  'Picture and Roofline are exported as charts and as tables': async context => {
    for (const [tab, charts, head] of [
      ['picture', ['Chart as SVG…', 'Channels as SVG…'], 'row,kernels,from,to,weights,MACs,bytes'],
      ['roofline', ['Chart as SVG…'], 'layer,kind,MACs,bytes,FLOP/B,arithmetic s,memory s,"least s, T4 fp16"'],
    ]) {
      const panel = await opened(context, 'resnet', { tab })
      const { page } = panel
      for (const label of [...charts, 'Table as CSV…']) {
        await page.getByRole('button', { name: 'Export' }).click()
        await page.getByRole('menuitem', { name: label }).click()
      }
      await page.waitForFunction(n => window.sent.filter(m => m.type === 'export').length === n, charts.length + 1)
      const sent = await messages(panel, 'export')
      for (const { data } of sent.filter(({ format }) => format === 'svg')) {
        assert.match(data, /^<svg [^>]*xmlns/)
        assert.doesNotMatch(data, /var\(|class=/)
      }
      assert.equal(sent.find(({ format }) => format === 'csv').data.split('\n')[0], head)
      assert.deepEqual(panel.problems, [])
    }
  },
}
