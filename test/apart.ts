/** Tests that take long, or start processes, browsers, stores and clients: each in a process of its own, and none of the quick ones. */
export const apart = [
  'test/attack/*.test.ts',
  'test/clients/*.test.ts',
  'test/e2e/*.test.ts',
  'test/redis-*.test.ts',
  'test/api/extension-examples.test.ts',
  'test/abuse.test.ts',
  'test/check-deploy.test.ts',
  'test/hosts.test.ts',
  'test/kept-kill.test.ts',
  'test/recording-stores.test.ts',
  'test/recordings-kill.test.ts',
  'test/state-stores.test.ts',
  'test/unit/bench-flags.test.ts',
  'test/unit/extension-module.test.ts',
  'test/unit/tokenizer.test.ts',
]
