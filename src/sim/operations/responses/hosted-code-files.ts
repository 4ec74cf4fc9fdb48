/** What code leaves in its container where that is asked for: a picture of a chart, or a file with a name. */
import { picture } from '../../generators/picture/picture.ts'
import { toPng } from '../../generators/picture/png.ts'
import { containers, type ContainerFile, putFile } from '../../kept/containers.ts'
import type { Resource } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { PlacedAnnotation } from './message-item.ts'

/** A program with what it prints and saves. */
export type Program = {
  readonly code: string
  readonly logs: string
  /** One without a name is called after its id, as a plot that is shown (recorded March 2026). */
  readonly files: readonly { readonly name: string | undefined; readonly bytes: () => Uint8Array }[]
}

const makes = String.raw`(?:create|draw|export|generate|make|plot|produce|save|show|store|visuali[sz]e|write)`
const chartAsked = new RegExp(
  String.raw`\b${makes}\b[^.?!]{0,80}\b(?:chart|diagram|figure|graph|histogram|plot)s?\b|^\W*(?:chart|graph|plot)\b`,
  'i',
)
const fileAsked = new RegExp(String.raw`\b${makes}\b[^?!]{0,120}?\b([\w-]{1,60}\.(?:csv|json|md|txt))\b`, 'i')

/** What a question asks to be made of some numbers; `undefined` where it asks for no file. */
export function savingProgram(question: string, values: readonly number[], random: Random): Program | undefined {
  const asked = question.slice(0, 2_000)
  const list = `values = [${values.join(', ')}]\n`
  if (chartAsked.test(asked)) {
    const seed = random.uint32()
    const bytes = () => toPng(picture(seed, { width: 320, height: 240 }), false)
    const code = `import matplotlib.pyplot as plt\n\n${list}\nplt.bar(range(len(values)), values)\nplt.show()`
    return { code, logs: '', files: [{ name: undefined, bytes }] }
  }
  const [, name] = fileAsked.exec(asked) ?? []
  if (name === undefined) return undefined
  const text = name.endsWith('.json') ? JSON.stringify(values) : `value\n${values.join('\n')}\n`
  const write = name.endsWith('.json')
    ? 'json.dump(values, file)'
    : 'file.write("value\\n" + "".join(f"{value}\\n" for value in values))'
  const head = name.endsWith('.json') ? 'import json\n\n' : ''
  const code = `${head}${list}\nwith open("/mnt/data/${name}", "w") as file:\n    ${write}`
  return { code, logs: '', files: [{ name, bytes: () => new TextEncoder().encode(text) }] }
}

/** Saves them; nothing where the container is not kept here. */
export function saved(files: Program['files'], containerId: string, resource: Resource): readonly ContainerFile[] {
  const container = files.length > 0 ? resource.shelf(containers).get(containerId) : undefined
  if (!container) return []
  return files.map(({ name = (id: string) => `${id}.png`, bytes }) =>
    putFile(resource, container, { name, bytes: bytes(), source: 'assistant' }),
  )
}

/** A file is cited where its link stands in the text, and at the beginning where there is none (recorded March 2026). */
export const citationsOf = (files: readonly ContainerFile[], containerId: string) => {
  if (files.length === 0) return undefined
  return (text: string, tokens: number): readonly PlacedAnnotation[] =>
    files.map(({ id, path }) => {
      const link = `sandbox:${path}`
      const at = text.indexOf(link)
      const [start, end] = at < 0 ? [0, 0] : [at, at + link.length]
      const filename = path.replace(/^.*\//, '')
      const place = { container_id: containerId, end_index: end, file_id: id, filename, start_index: start }
      return { afterTokens: Math.max(1, tokens - 1), annotation: { type: 'container_file_citation', ...place } }
    })
}
