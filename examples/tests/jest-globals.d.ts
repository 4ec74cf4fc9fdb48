/** This project has no Jest; what the example uses of it, vitest has too. */
declare module '@jest/globals' {
  export { afterAll, expect, test } from 'vitest'
}
