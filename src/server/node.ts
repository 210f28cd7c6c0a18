/** The language server as a process of its own: over IPC from VS Code, over --stdio from anything else. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { openDisk } from './disk'
import { startServer } from './start'

startServer(createConnection(ProposedFeatures.all), openDisk())
