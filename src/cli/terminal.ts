/** What a command needs of the process it runs in, so that a test can stand in for it. */
export type Terminal = {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  /** Where files are looked for. The process's own where it is absent. */
  readonly cwd?: string
  /** The process's own where it is absent. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Resolves when the process is asked to stop. */
  readonly stopped: () => Promise<void>
}
