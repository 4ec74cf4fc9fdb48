/** Files by paths in which `*` stands for any part of a name. */
import { readdirSync } from 'node:fs'
import path from 'node:path'

/** By name; a path without `*` is given whether it is there or not. */
export function findFiles(pattern: string): readonly string[] {
  if (!pattern.includes('*')) return [pattern]
  const { root } = path.parse(path.resolve(pattern))
  const parts = path.resolve(pattern).slice(root.length).split(path.sep)
  return parts.reduce<readonly string[]>(
    (places, part) =>
      part.includes('*')
        ? places.flatMap((place) =>
            namesIn(place)
              .filter(matcher(part))
              .map((name) => path.join(place, name)),
          )
        : places.map((place) => path.join(place, part)),
    [root],
  )
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
  } catch {
    return []
  }
}

/** Word by word, so that no name takes long. */
function matcher(pattern: string): (name: string) => boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop() ?? ''
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
    let at = first.length
    for (const part of rest) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= name.length - last.length
  }
}
