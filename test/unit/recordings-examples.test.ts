import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { bodyBytes } from '../../src/sim/recordings/body.ts'
import { toDocument } from '../../src/sim/recordings/document.ts'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import type { Interaction, Sought } from '../../src/sim/recordings/interaction.ts'
import { fileOf, isDocument } from '../../src/sim/recordings/name.ts'
import { fromTree, loadTree } from '../../src/sim/recordings/parse-document.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { answerText } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'examples/recordings')
const store = fileStore(folder)
const recordings = createRecordings({ store, clock: manualClock() })

async function examples(): Promise<{ name: string; text: string; interaction: Interaction }[]> {
  const found = []
  for await (const { name } of store.list()) {
    if (!isDocument(name)) continue
    const text = await readFile(join(folder, name), 'utf8')
    found.push({ name, text, interaction: fromTree(loadTree(text), new Map()) })
  }
  return found
}

const soughtOf = ({ request }: Interaction): Sought => ({
  method: request.method,
  path: request.path,
  contentType: request.contentType ?? '',
  bytes: bodyBytes(request.body!),
})

describe('The example recordings', () => {
  it('answer the requests that they show', async () => {
    const answers: string[] = []
    for (const { interaction } of await examples()) {
      const [found] = await recordings.find(soughtOf(interaction))
      answers.push(answerText(found!))
    }
    expect(answers).toHaveLength(3)
    expect(answers.filter((answer) => answer.includes('A ship floats'))).toHaveLength(1)
    expect(answers.filter((answer) => answer.endsWith('data: [DONE]\n\n'))).toHaveLength(1)
    expect(answers.filter((answer) => answer.startsWith('{\n  "object": "list",\n  "data": [\n'))).toHaveLength(1)
  })

  it('are as they would be written, to the byte', async () => {
    for (const { name, text, interaction } of await examples()) {
      expect(Buffer.from(toDocument(interaction, fileOf(name)).bytes).toString()).toBe(text)
    }
  })

  it('hold the document that the guide shows', async () => {
    const guide = await readFile(join(root, 'docs/recordings.md'), 'utf8')
    const shown = /```yaml\n(version: 2\n[\s\S]*?)```/.exec(guide)?.[1]
    expect((await examples()).map(({ text }) => text)).toContain(shown)
  })
})
