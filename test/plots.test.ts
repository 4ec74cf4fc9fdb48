/** The pictures of the documents are what the code draws. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { plots } from '../scripts/make-plots.ts'

const docs = path.join(path.dirname(import.meta.dirname), 'docs')

describe('the pictures in docs/images', () => {
  it('are drawn from the code: run `node scripts/make-plots.ts` where they are not', () => {
    const texts = ['latency.md', 'capacity.md'].map((name) => readFileSync(path.join(docs, name), 'utf8')).join('')
    for (const [name, svg] of Object.entries(plots())) {
      expect(readFileSync(path.join(docs, 'images', name), 'utf8'), name).toBe(svg)
      expect(texts, name).toContain(`(images/${name})`)
    }
  })
})
