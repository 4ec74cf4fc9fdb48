/** The YAML and JSON files round a deployment, against their schemas. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { loadAll } from 'js-yaml'
import type { Problem } from './problem.ts'
import { schemas } from './schemas.ts'

const ajv = new Ajv2019({ allErrors: true, allowUnionTypes: true })

export function checkDocuments(root: string): readonly Problem[] {
  return schemas.flatMap(({ files, isRequired, schema }) => {
    const validate = ajv.compile(schema)
    const names = globSync(files, { cwd: root }).map((name) => name.split(path.sep).join('/'))
    if (names.length === 0 && isRequired) return [{ file: files, message: 'is missing' }]
    return names.sort().flatMap((file): readonly Problem[] => {
      const documents = read(path.join(root, file))
      if (typeof documents === 'string') return [{ file, message: documents }]
      if (documents.length !== 1) return [{ file, message: `has ${documents.length} documents, not one` }]
      validate(documents[0])
      return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
        const extra = (params as { additionalProperty?: string }).additionalProperty
        const what = extra === undefined ? message : `there is no such thing as ${extra}`
        return { file, message: `${instancePath.slice(1).replaceAll('/', '.') || 'the document'}: ${what}` }
      })
    })
  })
}

/** The documents of a file, or why there are none. */
function read(file: string): readonly unknown[] | string {
  if (!existsSync(file)) return 'is missing'
  const text = readFileSync(file, 'utf8')
  try {
    return file.endsWith('.json') ? [JSON.parse(text) as unknown] : loadAll(text)
  } catch (error) {
    return `does not parse: ${error instanceof Error ? error.message : String(error)}`
  }
}
