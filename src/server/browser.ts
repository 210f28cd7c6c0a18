/** The language server in a web worker, for VS Code in a browser. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser'
import { startServer } from './start'

const worker = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0]
startServer(createConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker)))
