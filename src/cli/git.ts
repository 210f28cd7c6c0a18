import { type ExecFileException, execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { LARGEST } from './read'
import { Unusable } from './unusable'

/** A file as it stands on the disk, or at a revision of the repository that it is in. */
export interface FileAt {
  readonly file: string
  readonly revision?: string
}

/** `resnet.py@HEAD~1` is a file at a revision, unless there is a file of that very name. */
export function parseFileAt(text: string): FileAt {
  // `@{1}` is part of a revision.
  const [, file, revision] = existsSync(text) ? [] : (/^(.+)@(?!\{)(.*)$/s.exec(text) ?? [])
  return file === undefined || revision === undefined ? { file: text } : { file, revision }
}

/** The text of a file at a revision, without a byte-order mark; throws Unusable, which says why there is none. */
export async function textAt(file: string, revision: string): Promise<string> {
  const name = `${file}@${revision}`
  if (revision === '') throw new Unusable(`${name}: name a git revision after the @, such as HEAD.`)
  // What begins with a dash would be an option; `:` divides a revision from a path.
  if (revision.startsWith('-') || /\p{Cc}|:/u.test(revision.replace(/\{[^}]*\}/g, ''))) {
    throw new Unusable(`${name}: ${JSON.stringify(revision)} is not a git revision.`)
  }
  const path = resolve(file)
  if (!existsSync(dirname(path))) throw new Unusable(`${name}: no such folder.`)
  const bytes = await blob(name, dirname(path), `${revision}:./${basename(path)}`)
  if (bytes.subarray(0, 8192).includes(0)) throw new Unusable(`${name}: is not a text file.`)
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

/** The blob as it is stored, without filters: nothing that a repository configures is run for it. */
function blob(name: string, cwd: string, object: string): Promise<Buffer> {
  const args = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'cat-file', 'blob', object]
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }
  return new Promise((done, fail) => {
    execFile(
      'git',
      args,
      { cwd, env, encoding: 'buffer', maxBuffer: LARGEST, timeout: LIMIT_MS },
      (error, out, err) => {
        if (!error) done(out)
        else fail(new Unusable(`${name}: ${reason(error, err.toString('utf8'))}`))
      },
    )
  })
}

/** A sentence for what git said, or why it could not be asked. */
function reason(error: ExecFileException, said: string): string {
  if (error.code === 'ENOENT') return 'git was not found; it is needed to read a revision.'
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `larger than ${LARGEST / 2 ** 20} MiB.`
  if (error.killed) return `git did not answer within ${LIMIT_MS / 1000} s.`
  if (/not a git repository/i.test(said)) return 'the file is in no git repository.'
  if (/dubious ownership/i.test(said)) return 'git refuses a repository that belongs to someone else (safe.directory).'
  if (/does not exist in|exists on disk, but not in/i.test(said)) return 'this revision does not have the file.'
  if (/invalid object name|unknown revision|bad revision|not a valid object name|ambiguous argument/i.test(said)) {
    return 'there is no such revision.'
  }
  if (/bad file|not.*blob/i.test(said)) return 'it is no file there.'
  const [first = ''] = said.trim().split('\n')
  return `git cannot read it${first ? `: ${first.replace(/^(fatal|error): /, '').replace(/\.?$/, '.')}` : '.'}`
}

const LIMIT_MS = 10_000
