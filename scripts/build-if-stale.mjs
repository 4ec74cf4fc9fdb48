import { buildAll } from './build.mjs'

await buildAll({ onlyIfStale: true })
