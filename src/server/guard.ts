import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver'

/** Wraps a handler: a bug in our code is logged and answered with the empty result, never passed on to the user. */
export function guard(connection: Connection) {
  return <P, R>(name: string, empty: R, handle: (params: P) => R) =>
    (params: P, token?: CancellationToken): R | ResponseError<void> => {
      if (token?.isCancellationRequested)
        return new ResponseError<void>(LSPErrorCodes.RequestCancelled, `${name} cancelled`)
      try {
        return handle(params)
      } catch (error) {
        connection.console.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
        return empty
      }
    }
}
