import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The examples name the package that they extend, as those who write extensions do.
  resolve: {
    alias: {
      'aoai-simulated-api/extension': `${import.meta.dirname}/src/sim/extensions/define.ts`,
      'aoai-simulated-api/testing': `${import.meta.dirname}/src/testing/index.ts`,
    },
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/tests/vitest.test.ts'],
    setupFiles: ['test/support/no-errors.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
