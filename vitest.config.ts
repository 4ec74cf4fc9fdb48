import { configDefaults, defineConfig } from 'vitest/config'
import { apart } from './test/apart.ts'

export default defineConfig({
  // The examples name the package that they extend, as those who write extensions do.
  resolve: {
    alias: {
      'aoai-simulated-api/extension': `${import.meta.dirname}/src/sim/extensions/define.ts`,
      'aoai-simulated-api/testing': `${import.meta.dirname}/src/testing/index.ts`,
    },
  },
  test: {
    setupFiles: ['test/support/no-errors.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts', 'examples/tests/vitest.test.ts'],
          exclude: [...configDefaults.exclude, ...apart],
          // Each would load the simulator anew, which takes most of them more time than their tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
})
