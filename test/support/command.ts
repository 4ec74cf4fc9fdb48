/** The command line in this process, as far as it serves nothing: its exit code, and what it printed. */
import { runCli } from '../../src/cli/program.ts'

export type Ran = { readonly code: number; readonly out: string; readonly errors: string }

export async function runCommand(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const out: string[] = []
  const errors: string[] = []
  const terminal = {
    out: (line: string) => void out.push(line),
    error: (line: string) => void errors.push(line),
    cwd,
    env,
    stopped: () => new Promise<void>(() => undefined),
  }
  const code = await runCli(args, terminal, () => Promise.reject(new Error('nothing is served')))
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}
