import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Starts the language server, which is built beside this file and loaded only here. It ends when its input ends. */
export function languageServer(): Promise<void> {
  createRequire(__filename)(join(__dirname, 'server.js'))
  return new Promise(() => {})
}
