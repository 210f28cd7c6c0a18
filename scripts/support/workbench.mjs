/** What a person does in VS Code's window, done through its page: opens files, runs commands, reads what is shown. */
import { Failure, waitFor } from './processes.mjs'

/** The four kinds of theme, each with the label of VS Code's own theme of that kind and what a webview's body is then told. */
export const themes = [
  { name: 'dark', label: 'Dark Modern', kind: 'vscode-dark' },
  { name: 'light', label: 'Light Modern', kind: 'vscode-light' },
  { name: 'hc', label: 'Default High Contrast', kind: 'vscode-high-contrast' },
  { name: 'hc-light', label: 'Default High Contrast Light', kind: 'vscode-high-contrast-light' },
]

/**
 * Opens a folder, and a file of it in the editor.
 * @param {import('playwright-core').Page} page
 * @param {{ url: string, authority: string }} host
 * @param {string} folder
 * @param {string} file relative to the folder
 */
export async function openFolder(page, host, folder, file) {
  const payload = JSON.stringify([['openFile', `vscode-remote://${host.authority}${folder}/${file}`]])
  await page.goto(`${host.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`)
  await waitForEditor(page, file)
}

/**
 * Loads the window again as it was left, with a file in the editor. The address must name no file, or only that file would
 * be opened. VS Code keeps a window's editors every 5 s when it is idle, and not while it is unloaded, so the load waits for that.
 */
export async function reload(page, host, folder, file) {
  await waitFor(`VS Code to keep that ${file} is open`, async () => page.evaluate(isKept, `/${file}`))
  await page.goto(`${host.url}/?folder=${encodeURIComponent(folder)}`)
}

/** Runs in VS Code's page: whether the kept editors of its window have a file as the foremost of a group. */
async function isKept(file) {
  // Headless Chromium is idle only after a frame, and draws none where nothing changes.
  document.body.style.outline = document.body.style.outline ? '' : '1px solid transparent'
  const request = call =>
    new Promise((resolve, reject) => {
      call.onsuccess = () => resolve(call.result)
      call.onerror = () => reject(call.error)
    })
  const leaves = node => (node.type === 'leaf' ? [node.data] : node.data.flatMap(leaves))
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue
    const database = await request(indexedDB.open(name))
    try {
      const items = database.transaction('ItemTable').objectStore('ItemTable')
      const kept = await request(items.get('memento/workbench.parts.editor'))
      const groups = kept ? leaves(JSON.parse(kept)['editorpart.state'].serializedGrid.root) : []
      if (groups.some(({ editors, mru }) => editors[mru[0]].value.includes(file))) return true
    } finally {
      database.close()
    }
  }
  return false
}

/** Waits until a file's text is shown in an editor. */
export async function waitForEditor(page, file) {
  const name = file.split('/').at(-1)
  await page.locator(`.editor-group-container .monaco-editor[data-uri$="/${name}"] .view-line`).first().waitFor()
}

/** Opens a file of the folder in the first group, as by its name in the list of files. */
export async function openFile(page, file) {
  await page.keyboard.press('Control+1')
  await openPalette(page, file)
  await take(page, file)
  await waitForEditor(page, file)
}

/** Runs a command by its title, as typed into the command palette. */
export async function runCommand(page, title) {
  await openPalette(page, `>${title}`)
  await take(page, title)
}

/**
 * Opens the command palette and types into it. A key pressed while the focus moves out of a webview is lost, and a palette
 * that loses the focus as something loads closes again: then once more.
 */
async function openPalette(page, text) {
  const input = quickInput(page)
  await waitFor('the command palette', async () => {
    await page.keyboard.press('F1')
    return input.fill(text, { timeout: 2000 }).then(
      () => true,
      () => false,
    )
  })
}

const quickInput = page => page.locator('.quick-input-widget input[type="text"]').first()

/** Takes the first entry of the open list of choices that holds the text. */
async function take(page, text) {
  const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first()
  try {
    await entry.waitFor({ timeout: 10_000 })
  } catch {
    throw new Failure(`VS Code does not offer "${text}".`)
  }
  await entry.click()
  // A pointer left over a button would show its tooltip in the next screenshot.
  await page.mouse.move(0, 0)
}

/** Puts the cursor of the first group's editor on a line (from 1), wherever the focus was. */
export async function goToLine(page, line) {
  await page.keyboard.press('Control+1')
  await openPalette(page, `:${line}`)
  await page.keyboard.press('Enter')
  await page.mouse.move(0, 0)
  await waitFor(`the cursor on line ${line}`, async () => (await cursorLine(page)) === line)
}

/** The line of the cursor as the status bar tells it, from 1. @returns {Promise<number | undefined>} */
export async function cursorLine(page) {
  const text = await page
    .locator('.statusbar-item', { hasText: /Ln \d+/ })
    .first()
    .textContent({ timeout: 1000 })
    .catch(() => '')
  return Number(/Ln (\d+)/.exec(text ?? '')?.[1]) || undefined
}

/** The lines that the editors show, inlay hints included, as a person reads them. @returns {Promise<string[]>} */
export async function shownLines(page) {
  const lines = await page.locator('.editor-group-container .view-line').evaluateAll(elements =>
    elements
      .map(element => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
      .sort((a, b) => a.top - b.top)
      .map(line => line.text),
  )
  return lines.map(line => line.replace(/\u00a0/g, ' '))
}

/** Waits until some shown line matches. @returns {Promise<string[]>} the shown lines */
export async function waitForLine(page, pattern) {
  return waitFor(`a line in the editor that matches ${pattern}`, async () => {
    const lines = await shownLines(page)
    return lines.some(line => pattern.test(line)) && lines
  })
}

/**
 * The document inside the one webview that is open, once its script has filled it.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<import('playwright-core').FrameLocator>}
 */
export async function webview(page) {
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
  await frame.locator('body').waitFor()
  return frame
}

/** Chooses a theme by hand. */
export async function chooseTheme(page, theme) {
  await runCommand(page, 'Preferences: Color Theme')
  await page.locator('.quick-input-widget input[placeholder*="Theme"]').first().waitFor()
  await quickInput(page).fill(theme.label)
  await take(page, theme.label)
  await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' })
}

/** Waits until the open webview has taken on a theme. */
export async function waitForTheme(page, theme) {
  const frame = await webview(page)
  await waitFor(`the ${theme.name} theme`, async () => {
    return (await frame.locator('body').getAttribute('data-vscode-theme-kind')) === theme.kind
  })
}

/**
 * Collects what goes wrong in the page from now on: content security violations, and errors thrown in a webview.
 * @param {import('playwright-core').Page} page
 * @returns {() => string[]} what was collected so far
 */
export function collectErrors(page) {
  const errors = []
  page.on('console', message => {
    const text = message.text()
    const inWebview = /webview/.test(message.location().url)
    if (/content security policy/i.test(text) || (inWebview && message.type() === 'error')) {
      errors.push(`${text} (${message.location().url})`)
    }
  })
  page.on('pageerror', error => {
    // What VS Code's own code throws is not ours to judge.
    if (!error.stack?.includes('/out/vs/')) errors.push(error.stack ?? error.message)
  })
  return () => [...errors]
}
