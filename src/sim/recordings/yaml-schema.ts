/** YAML as the documents have it: YAML 1.2, with numbers that keep their spelling. */
import {
  CORE_SCHEMA,
  DUMP_SCHEMA,
  type DumpOptions,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  type LoadOptions,
  type ScalarTagDefinition,
  type Document,
  visit,
} from 'js-yaml'
import { exactNumber, isRawJSON, type RawNumber } from './json-text.ts'

const exactly = (tag: ScalarTagDefinition<number>) =>
  defineScalarTag<number | RawNumber>(tag.tagName, {
    ...tag,
    resolve: (source, isExplicit, name) => exactNumber(source) ?? tag.resolve(source, isExplicit, name),
  })

/** Bounded, as a document may come from anywhere. */
export const loadOptions: LoadOptions = {
  schema: CORE_SCHEMA.withTags(exactly(intCoreTag), exactly(floatCoreTag)),
  maxDepth: 200,
  maxAliases: 0,
}

const number = defineScalarTag<number | RawNumber>(floatCoreTag.tagName, {
  ...floatCoreTag,
  identify: (value) => typeof value === 'number' || isRawJSON(value),
  represent: (value) => (isRawJSON(value) ? value.rawJSON : String(value)),
})

export const dumpOptions: DumpOptions = {
  schema: DUMP_SCHEMA.withTags(number),
  lineWidth: -1,
  noRefs: true,
  transform: inOneLine,
}

/** A vector is no reading matter: lists of numbers are written in one line. */
function inOneLine(documents: Document[]): void {
  visit(documents, (node) => {
    if (node.kind !== 'sequence' || node.items.length < 2) return
    if (node.items.every((item) => item.kind === 'scalar' && /:(int|float)$/.test(item.tag))) node.style = flowStyle
  })
}

const flowStyle = 2
