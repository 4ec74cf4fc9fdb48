/** Whether the content filter looked at a request, as the model's layer tells it. */
import type { Config } from '../config/config.ts'

export const raiInvoked = ({ contentFilter }: Pick<Config, 'contentFilter'>): string =>
  contentFilter.mode === 'off' ? 'false' : 'true'

/** Of answers whose text goes through the content filter (recorded of chat completions, 2025 and 2026). */
export const filterHeaders = (config: Pick<Config, 'contentFilter'>) => ({
  'x-accel-buffering': 'no',
  'x-ms-rai-invoked': raiInvoked(config),
})
