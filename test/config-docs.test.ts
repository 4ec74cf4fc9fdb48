import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { configDocs } from '../scripts/make-config-docs.mjs'

const root = path.dirname(import.meta.dirname)

describe('the reference of the settings', () => {
  it('is what the schema says: run `node scripts/make-config-docs.mjs` where it is not', () => {
    for (const [name, text] of Object.entries(configDocs()))
      expect(readFileSync(path.join(root, name), 'utf8'), name).toBe(text)
  })
})
