/** README.md as it is published, beside none of the files that it links to. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { linked } from '../../scripts/link-readme.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const repository = 'https://host.test/owner/name'
const text = linked(readFileSync(path.join(root, 'README.md'), 'utf8'), repository, 'v1.2.3')
const targets = [...text.matchAll(/\]\(([^()\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
  ([, one, other]) => one ?? other ?? '',
)

describe('the published README', () => {
  it('has absolute links alone, to files that there are', () => {
    expect(targets.filter((target) => !/^(?:https?:|#)/.test(target))).toEqual([])
    const own = targets.filter((target) => target.startsWith(repository))
    expect(own.length).toBeGreaterThan(10)
    const files = own.map((target) => target.replace(/^.*?\/(?:blob|raw)\/v1\.2\.3\//, '').replace(/#.*$/, ''))
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([])
  })

  it('leaves what is elsewhere, and tells pages from pictures', () => {
    expect(
      linked('[a](docs/a.md#b) ![c](./d.svg) [e](https://f.test) [g](#h) <img src="i.png">', repository, 'x'),
    ).toBe(
      `[a](${repository}/blob/x/docs/a.md#b) ![c](${repository}/raw/x/d.svg) [e](https://f.test) [g](#h) <img src="${repository}/raw/x/i.png">`,
    )
  })
})
