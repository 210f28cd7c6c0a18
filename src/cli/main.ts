import { run } from './program'

// A reader that has seen enough (`| head`) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

run(process.argv.slice(2), process).then(
  status => {
    process.exitCode = status
  },
  (error: unknown) => {
    process.stderr.write(`convlens: this is a bug in ConvLens: ${error instanceof Error ? error.stack : error}\n`)
    process.exitCode = 2
  },
)
