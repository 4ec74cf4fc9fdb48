/** The interface of a language's suite, and how a suite is started. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

type Test = { readonly name: string; readonly hasPassed: boolean; readonly why: string }
/** Runs a checkout's tests of Azure's surfaces against `url`. */
export type Suite = (asked: {
  readonly checkout: string
  readonly url: string
  readonly isVerbose: boolean
}) => Promise<readonly Test[]>

/** Runs a program to its end, and returns its output. */
export async function outputOf(
  program: string,
  words: readonly string[],
  { folder, url, isVerbose }: { readonly folder: string; readonly url: string; readonly isVerbose: boolean },
): Promise<string> {
  const child = spawn(program, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', isVerbose ? 'inherit' : 'ignore'],
    env: { ...process.env, COLUMNS: '400', TEST_API_BASE_URL: url },
  })
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  await once(child, 'close')
  return Buffer.concat(pieces).toString()
}
