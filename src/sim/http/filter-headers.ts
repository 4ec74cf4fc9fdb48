/** Whether the content filter looked at a request, as the model's layer tells it. */
import type { Config } from '../config/config.ts'

export const raiInvoked = ({ contentFilter }: Pick<Config, 'contentFilter'>): string =>
  contentFilter.mode === 'off' ? 'false' : 'true'
