/**
 * The panel in a plain browser: the shipped bundle under the shipped content security policy, with a stand-in for
 * acquireVsCodeApi, the variables of a VS Code theme, and models made by the real analyzer.
 */
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { outFolder, root } from './paths.mjs'

const origin = 'http://panel.test'
const folder = path.join(outFolder, 'panel-page')

/** Bundles the page and the models. @returns {Promise<typeof import('../../test/panel/models')>} */
export async function buildPanelPage() {
  await rm(folder, { recursive: true, force: true })
  const shared = { bundle: true, logLevel: 'warning', target: 'es2022', outdir: folder }
  await build({
    ...shared,
    entryPoints: { panel: path.join(root, 'src/panel/main.ts') },
    format: 'iife',
    loader: { '.ttf': 'file' },
  })
  await build({
    ...shared,
    entryPoints: { models: path.join(root, 'test/panel/models.ts') },
    format: 'cjs',
    platform: 'node',
    outExtension: { '.js': '.cjs' },
  })
  return import(pathToFileURL(path.join(folder, 'models.cjs')).href)
}

/**
 * Opens the panel in a new page.
 * @param {import('playwright-core').Browser} browser
 * @param {{ models: Awaited<ReturnType<typeof buildPanelPage>>, theme: { className: string, variables: object }, width: number,
 *   height?: number, kept?: object, fontFamily?: string }} options
 */
export async function openPanel(browser, { models, theme, width, height = 900, kept, fontFamily = 'DejaVu Sans' }) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 })
  const problems = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', error => problems.push(error.stack ?? error.message))
  const nonce = 'abc123'
  const style = { ...theme.variables, 'font-family': `"${fontFamily}", sans-serif`, 'font-size': '13px' }
  const files = await readdir(folder)
  await page.route(`${origin}/**`, async route => {
    const name = new URL(route.request().url()).pathname.slice(1)
    if (name === '') {
      const html = models.panelHtml({ source: origin, script: 'panel.js', style: 'panel.css', nonce, language: 'en' })
      await route.fulfill({ contentType: 'text/html', body: html })
    } else if (files.includes(name)) {
      await route.fulfill({ body: await readFile(path.join(folder, name)), contentType: typeOf(name) })
    } else await route.fulfill({ status: 404 })
  })
  // Stands for the extension where a network is named whose analysis answers what the page asks.
  let network
  await page.exposeFunction('answerOf', message => network && models.answerOf(network, message))
  await page.addInitScript(
    ({ className, style, kept }) => {
      window.sent = []
      window.kept = kept
      window.acquireVsCodeApi = () => ({
        postMessage: message => {
          window.sent.push(message)
          void window.answerOf?.(message).then(answer => answer && window.postMessage(answer, '*'))
        },
        getState: () => window.kept,
        setState: state => {
          window.kept = state
        },
      })
      // As VS Code does: variables on the root element, the theme's kind as classes of the body.
      const apply = () => {
        for (const [name, value] of Object.entries(style)) {
          document.documentElement.style.setProperty(`--vscode-${name}`, value)
        }
        document.body.className = className
      }
      new MutationObserver((_, observer) => {
        if (!document.body) return
        observer.disconnect()
        apply()
      }).observe(document, { childList: true, subtree: true })
    },
    { className: theme.className, style, kept },
  )
  await page.goto(`${origin}/`)
  await page.waitForFunction(() => window.sent.some(message => message.type === 'ready'))
  return {
    page,
    problems,
    post: message => page.evaluate(data => window.postMessage(data, '*'), message),
    /** From now on the page is answered as by the server with this network open. */
    answers(name) {
      network = name
    },
    async show(model) {
      await page.evaluate(data => window.postMessage(data, '*'), { type: 'model', model })
      await page.waitForSelector(model.state === 'empty' ? '.empty' : '.tabs')
      await page.evaluate(() => document.fonts.ready)
    },
    sent: () => page.evaluate(() => window.sent),
    kept: () => page.evaluate(() => window.kept),
  }
}

function typeOf(name) {
  return { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' }[path.extname(name)]
}
