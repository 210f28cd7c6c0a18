/** What can be measured of a page: nothing cut or overlapping, everything named, enough contrast. */
import assert from 'node:assert/strict'

/**
 * Faults of layout and of names in the page as it is.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function looks(page) {
  return page.evaluate(() => {
    const faults = []
    const shown = element => {
      const box = element.getBoundingClientRect()
      return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden'
    }
    const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (overflow > 0) faults.push(`the page is ${overflow} px too wide`)

    for (const chart of document.querySelectorAll('svg.chart')) {
      const frame = chart.getBoundingClientRect()
      const texts = [...chart.querySelectorAll('text')].map(text => ({
        content: text.textContent.trim(),
        box: text.getBoundingClientRect(),
      }))
      for (const { content, box } of texts) {
        const out = box.left < frame.left - 12 || box.right > frame.right + 1 || box.bottom > frame.bottom + 3
        if (out || box.top < frame.top - 5) faults.push(`chart text "${content}" stands outside the chart`)
      }
      texts.forEach((a, i) => {
        for (const b of texts.slice(i + 1)) {
          const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
          // Boxes of lines of text are higher than their letters.
          const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
          if (across > 0.5 && down > 4) faults.push(`chart texts "${a.content}" and "${b.content}" overlap`)
        }
      })
    }

    // Numbers, heads and controls are shown whole; names and descriptions may be cut, with their text as a title.
    const whole =
      '.figure dd, .figure dt, .tabs button, .segmented button, .legend li, .head .cell, .params, .work, .share, .output, .intensity, .field, .line, .change, .through, .input-chip .chip-value, .costs td, .costs th, .sum dd, .ticked, .apply button, .budget button, .chain-words, .budget .chip-prefix'
    for (const element of document.querySelectorAll(whole)) {
      if (
        shown(element) &&
        element.scrollWidth > element.clientWidth + 1 &&
        getComputedStyle(element).display !== 'inline'
      ) {
        faults.push(`"${element.textContent.trim()}" (${element.className || element.tagName}) is cut`)
      }
    }
    for (const element of document.querySelectorAll('.cell.name, .cell.what, .cell.reason, .group .cell')) {
      const cut = shown(element) && element.scrollWidth > element.clientWidth + 1
      const title = element.getAttribute('title') ?? element.querySelector('[title]')?.getAttribute('title')
      if (cut && !title) faults.push(`"${element.textContent.trim()}" is cut and has no title`)
    }
    const controls = [...document.querySelectorAll('.header > *, .actions > *')].filter(shown)
    for (const [i, a] of controls.entries()) {
      for (const b of controls.slice(i + 1)) {
        if (a.contains(b)) continue
        const [x, y] = [a.getBoundingClientRect(), b.getBoundingClientRect()]
        if (Math.min(x.right, y.right) - Math.max(x.left, y.left) > 0.5)
          faults.push(`controls of the header overlap: ${a.textContent.trim()} and ${b.textContent.trim() || b.title}`)
      }
    }

    const nameOf = element =>
      element.getAttribute('aria-label') ||
      (element.getAttribute('aria-labelledby') &&
        document.getElementById(element.getAttribute('aria-labelledby'))?.textContent) ||
      element.textContent.trim()
    const named =
      'button, [role=tab], [role=option], [role=row], [role=radiogroup], [role=treegrid], [role=listbox], [role=img], [role=tablist], [role=tabpanel], [role=toolbar], [role=menu], [role=dialog], [role=slider], [role=checkbox], vscode-single-select'
    for (const element of document.querySelectorAll(named)) {
      if (!nameOf(element)?.trim()) faults.push(`${element.tagName} ${element.getAttribute('role') ?? ''} has no name`)
    }
    for (const element of document.querySelectorAll('[aria-controls], [aria-labelledby], [aria-details]')) {
      for (const attribute of ['aria-labelledby', 'aria-details']) {
        const id = element.getAttribute(attribute)
        if (id && !document.getElementById(id)) faults.push(`${attribute} names ${id}, which does not exist`)
      }
    }
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    for (const id of new Set(ids))
      if (ids.filter(other => other === id).length > 1) faults.push(`two elements have the id ${id}`)
    // One stop of Tab a composite.
    for (const composite of document.querySelectorAll(
      '[role=listbox], [role=treegrid], [role=tablist], [role=radiogroup]',
    )) {
      // A detail that opens inside a list has controls of its own.
      const own = element => element.closest('.detail') === composite.closest('.detail')
      const stops = [...composite.querySelectorAll('[tabindex="0"]')].filter(own).length
      const items = [...composite.querySelectorAll('[tabindex]')].filter(own).length
      if (items > 0 && stops !== 1) faults.push(`${composite.getAttribute('aria-label')} has ${stops} tab stops`)
    }
    const headings = document.querySelectorAll('[role=treegrid] [role=columnheader]')
    for (const head of headings) {
      const column = [...head.parentElement.children].indexOf(head)
      const bars = /bar/.test(head.className)
      if (!bars && column >= 0 && !head.textContent.trim()) faults.push('a column has no head')
    }
    return faults
  })
}

/** Texts against the ground they stand on: 4.5:1 at least, in the theme's own colours. */
export async function contrastChecks(page) {
  return page.evaluate(() => {
    const parse = text => {
      const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]
      return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 }
    }
    const over = (top, bottom) => top.rgb.map((value, i) => value * top.alpha + bottom[i] * (1 - top.alpha))
    const luminance = rgb => {
      const [r, g, b] = rgb.map(value => {
        const c = value / 255
        return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const groundOf = element => {
      // A number inside a solid mark stands on the mark; in a hollow one it has the page's colour around it.
      const mark = element.dataset?.ground === 'mark' ? element.previousElementSibling : null
      const fill = mark && getComputedStyle(mark)
      if (fill?.fill.startsWith('rgb') && fill.fillOpacity === '1') return parse(fill.fill).rgb
      const chain = []
      for (let at = element; at; at = at.parentElement) chain.unshift(at)
      let ground = [255, 255, 255]
      for (const each of chain) ground = over(parse(getComputedStyle(each).backgroundColor), ground)
      return ground
    }
    const faults = []
    for (const element of document.querySelectorAll(
      'p, dd, dt, button, strong, .cell, .note, text, li, .width, .change, .chip-prefix, .costs td, .costs th, .sum span, .cautions span',
    )) {
      const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
      const box = element.getBoundingClientRect()
      if (!own || box.width === 0 || element.closest('.hidden-data')) continue
      const style = getComputedStyle(element)
      const ground = groundOf(element)
      const colour = parse(element instanceof SVGElement ? style.fill : style.color)
      const text = over(colour, ground)
      const [light, dark] = [luminance(text), luminance(ground)].sort((a, b) => b - a)
      const ratio = (light + 0.05) / (dark + 0.05)
      if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}:1 of "${element.textContent.trim().slice(0, 30)}"`)
    }
    return faults
  })
}

/** Sums that must hold in every model that is shown. */
export const sums = {
  'stages and blocks add up to the totals': models => {
    for (const name of models.cases) {
      const model = models.modelOf(name)
      if (model.state !== 'network') continue
      const add = (list, of) => list.reduce((total, item) => total + item[of], 0)
      for (const of of ['work', 'params']) {
        assert.equal(add(model.rows, of), model[of], `${name}: rows, ${of}`)
        assert.equal(add(model.stages, of), model[of], `${name}: stages, ${of}`)
      }
      assert.equal(add(model.blocks, 'work'), model.work, `${name}: blocks`)
      assert.equal(
        model.layers.reduce((total, layer) => total + (layer.work ?? 0), 0),
        model.work,
        `${name}: layers`,
      )
      const walk = row => {
        if (!row.children.length) return
        assert.equal(add(row.children, 'work'), row.work, `${name}: inside ${row.id}, work`)
        assert.equal(add(row.children, 'params'), row.params, `${name}: inside ${row.id}, params`)
        row.children.forEach(walk)
      }
      model.rows.forEach(walk)
    }
  },
}
