/** JSON objects within a text, also such as are written loosely: `{ "name": string; age?: number }`. */

export type Block = { readonly at: number; readonly end: number; readonly value: Readonly<Record<string, unknown>> }

const maxBlocks = 40
const maxBlockCharacters = 30_000

export function jsonBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let tried = 0
  for (let at = text.indexOf('{'); at >= 0 && tried < maxBlocks; at = text.indexOf('{', at)) {
    tried++
    const end = endOf(text, at)
    const value = end === undefined ? undefined : read(text.slice(at, end))
    if (value && end !== undefined) blocks.push({ at, end, value })
    at = value && end !== undefined ? end : at + 1
  }
  return blocks
}

/** Behind the brace that closes the one at `start`. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0
  let isInText = false
  const last = Math.min(text.length, start + maxBlockCharacters)
  for (let at = start; at < last; at++) {
    const character = text[at]
    if (isInText) {
      if (character === '\\') at++
      else if (character === '"' || character === '\n') isInText = false
    } else if (character === '"') isInText = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
  }
  return undefined
}

function read(text: string): Block['value'] | undefined {
  for (const form of [text, loosened(text)]) {
    try {
      const value: unknown = JSON.parse(form)
      if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
        return value as Block['value']
    } catch {
      continue
    }
  }
  return undefined
}

/** Line by line: names without quotes, types in the place of values, comments, and commas as TypeScript has them. */
function loosened(text: string): string {
  return text
    .split(/\n|(?<=[{;,])(?=\s{0,40}["']?[A-Za-z_$][\w$-]{0,60}["']?\??\s{0,9}:)/)
    .map((line) =>
      line
        // A remark on a type may list what it can be.
        .replace(/\(([^()"\n]{0,200})\)/g, (remark) => remark.replace(/[[\]]/g, ''))
        .replace(/\s*(?:\/\/|#)(?![^"]*"[^"]*$).*$/, '')
        // Of several texts one: `"low" | "high"`.
        .replace(/(:\s*)((?:"[^"]{0,60}"\s{0,9}\|\s{0,9}){1,20}"[^"]{0,60}")/, (_, colon: string, union: string) => {
          return colon + JSON.stringify(union)
        })
        .replace(/^(\s*\{?\s*)["']?([A-Za-z_$][\w$-]{0,60})["']?\??\s*:/, '$1"$2":')
        .replace(
          /(:\s*)([A-Za-z<(|'][^;{}[\]"]{0,200}?(?:\[\])?)([,;}\]\s]{0,60})$/,
          (_, colon: string, value: string, rest: string) =>
            /^(?:true|false|null)$/.test(value.trim())
              ? `${colon}${value}${rest}`
              : `${colon}${JSON.stringify(value.trim())}${rest}`,
        )
        .replace(/(\[\s*)([A-Za-z<][^,;{}[\]"]{0,60}?)(\s*(?:,\s*\.\.\.)?\s*\])/, '$1"$2"]')
        .replace(/;\s*(\}*)\s*$/, ',$1')
        .replace(/,\s*\.\.\.\s*(?=\])/, ''),
    )
    .join('\n')
    .replace(/(["\]}\w])\s*\n(\s*")/g, '$1,\n$2')
    .replace(/,(\s*[}\]])/g, '$1')
}
