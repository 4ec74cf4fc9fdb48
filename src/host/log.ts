/** Lines on standard error, so that standard output stays what a command prints. */
import type { Config, Log } from '../sim/index.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const

/** `min` is asked for at each line, as it may change while the simulator runs. */
export function consoleLog(min: () => Config['logLevel']): Log {
  const at = (level: (typeof levels)[number]) => (message: string) => {
    if (levels.indexOf(level) >= levels.indexOf(min())) console.error(`${level}: ${message}`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
