/** What requests about vector stores may say. */
import * as z from 'zod'
import { fileNotFound } from '../../errors/stored.ts'
import { unsupportedFile } from '../../errors/vector-stores.ts'
import { invalidValue } from '../../errors.ts'
import { integer, later } from '../../http/validate.ts'
import { type Attributes, attributesInput, filterInput, isTooDeep } from '../../kept/attributes.ts'
import { endingOf, readableEndings } from '../../kept/file-text.ts'
import type { Chunking } from '../../kept/passages.ts'
import { type StoredFile, storedFiles } from '../../kept/stored-files.ts'
import type { AnyCall } from '../../operation.ts'
import { optional, refuseMetadata } from '../parts/body-fields.ts'

const chunking = later(() =>
  optional(
    z.union([
      z.strictObject({ type: z.literal('auto') }),
      z.strictObject({
        type: z.literal('static'),
        static: z.strictObject({
          max_chunk_size_tokens: integer(100, 4_096),
          chunk_overlap_tokens: integer(0, 2_048),
        }),
      }),
    ]),
  ),
)
const expiresAfter = later(() =>
  optional(z.strictObject({ anchor: z.enum(['last_active_at']), days: integer(1, 365) })),
)
const metadata = () => optional(z.record(z.string(), z.string().max(512)))
const ids = () => z.array(z.string()).max(500)

export const creating = later(() =>
  z.strictObject({
    name: optional(z.string()),
    description: optional(z.string()),
    file_ids: optional(ids()),
    expires_after: expiresAfter(),
    chunking_strategy: chunking(),
    metadata: metadata(),
  }),
)

export const changing = later(() =>
  z.strictObject({ name: optional(z.string()), expires_after: expiresAfter(), metadata: metadata() }),
)

const file = later(() =>
  z.strictObject({ file_id: z.string(), attributes: optional(attributesInput()), chunking_strategy: chunking() }),
)
export const adding = file

export const addingMany = later(() =>
  z.strictObject({
    file_ids: optional(ids()),
    files: optional(z.array(file()).max(2_000)),
    attributes: optional(attributesInput()),
    chunking_strategy: chunking(),
  }),
)

export const noting = later(() => z.strictObject({ attributes: attributesInput().nullable() }))

/** A guess: it bounds what one search takes. */
const maxQueries = 100

export const searching = later(() =>
  z.strictObject({
    query: z.union([z.string(), z.array(z.string()).min(1).max(maxQueries)]),
    max_num_results: optional(integer(1, 50)),
    filters: optional(filterInput()),
    ranking_options: optional(
      z.looseObject({
        ranker: optional(z.enum(['none', 'auto', 'default-2024-11-15'])),
        score_threshold: optional(z.number().min(0).max(1)),
      }),
    ),
    rewrite_query: optional(z.boolean()),
  }),
)

/** Throws for filters within filters that go on and on. */
export function refuseDeepFilters(filters: unknown): void {
  if (isTooDeep(filters)) throw invalidValue('filters', "Invalid 'filters': it has too many levels.")
}

export function chunkingOf(asked: z.output<ReturnType<typeof chunking>>): Chunking {
  if (asked?.type !== 'static') return { maxTokens: 800, overlapTokens: 400 }
  const { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens } = asked.static
  if (overlapTokens > maxTokens / 2)
    throw invalidValue(
      'chunking_strategy.static.chunk_overlap_tokens',
      "Invalid 'chunk_overlap_tokens': must not exceed half of 'max_chunk_size_tokens'.",
    )
  return { maxTokens, overlapTokens }
}

/** Throws where a client notes more of a file than it may. */
export function attributesOf(given: Attributes | null | undefined): Attributes {
  refuseMetadata(given, 'attributes')
  return given ?? {}
}

/** A file that can be searched. Throws for one that is not there, or is of another kind. */
export function fileToAdd({ resource }: AnyCall, id: string): StoredFile {
  const found = resource.shelf(storedFiles).get(id)
  if (!found) throw fileNotFound(id)
  const ending = endingOf(found.filename)
  if (!readableEndings.includes(ending)) throw unsupportedFile(ending, readableEndings)
  return found
}
