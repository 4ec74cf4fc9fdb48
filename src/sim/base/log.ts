/** Where the simulator tells its operator something; a host gives one. */
export type Log = {
  readonly debug: (message: string) => void
  readonly info: (message: string) => void
  readonly warn: (message: string) => void
  readonly error: (message: string) => void
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
