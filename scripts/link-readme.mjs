/**
 * Gives README.md absolute links, for the copy that is published: where it is shown there are no files beside it.
 * `node scripts/link-readme.mjs https://HOST/OWNER/NAME REF` writes it, and says in package.json where the source is.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const isElsewhere = /^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i

/**
 * @param {string} text
 * @param {string} repository
 * @param {string} ref
 */
export function linked(text, repository, ref) {
  /** @param {string} target @param {boolean} isPicture */
  const absolute = (target, isPicture) =>
    isElsewhere.test(target)
      ? target
      : `${repository}/${isPicture ? 'raw' : 'blob'}/${ref}/${target.replace(/^\.?\//, '')}`
  return text
    .replaceAll(
      /(!?)(\[[^\]]*\])\(([^()\s]+)\)/g,
      (_, mark, name, target) => `${mark}${name}(${absolute(target, mark === '!')})`,
    )
    .replaceAll(
      /(<(img|source|a)\b[^>]*?\b(?:src|srcset|href)=")([^"]+)"/g,
      (_, start, tag, target) => `${start}${absolute(target, tag !== 'a')}"`,
    )
}

if (process.argv[1] === import.meta.filename) {
  const [, , repository = '', ref = ''] = process.argv
  if (!/^https:\/\/\S+$/.test(repository) || ref === '')
    throw new Error('usage: link-readme.mjs https://HOST/OWNER/NAME REF')
  const readme = path.join(root, 'README.md')
  writeFileSync(readme, linked(readFileSync(readme, 'utf8'), repository, ref))
  const file = path.join(root, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(
    file,
    `${JSON.stringify({ ...manifest, repository: { type: 'git', url: `git+${repository}.git` } }, undefined, 2)}\n`,
  )
}
