/** The tests that answer within a minute: all but those that start processes, browsers, stores and clients, and the long attacks. */
import { defineConfig, mergeConfig } from 'vitest/config'
import whole from '../vitest.config.ts'

const slow = [
  'test/attack/**',
  'test/clients/**',
  'test/e2e/**',
  'test/redis-*.test.ts',
  'test/api/extension-examples.test.ts',
  'test/abuse.test.ts',
  'test/check-deploy.test.ts',
  'test/hosts.test.ts',
  'test/recording-stores.test.ts',
  'test/recordings-kill.test.ts',
  'test/state-stores.test.ts',
  'test/unit/bench-flags.test.ts',
  'test/unit/tokenizer.test.ts',
]

export default mergeConfig(
  whole,
  defineConfig({ root: `${import.meta.dirname}/..`, test: { exclude: slow, isolate: false } }),
)
