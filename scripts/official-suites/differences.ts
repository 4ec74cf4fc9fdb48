/**
 * Recorded differences between Azure's answers and OpenAI's description. The official suites are generated from that description,
 * so those that check types would fail against Azure, too. Each difference is rewritten, and counted.
 */

type Json = Record<string, unknown>
type Difference = {
  readonly what: string
  readonly applies: (one: Json) => boolean
  readonly mend: (one: Json) => void
}

const states = new Map([
  ['pending', 'queued'],
  ['pausing', 'running'],
  ['paused', 'running'],
  ['resuming', 'running'],
])
const differences: readonly Difference[] = [
  {
    what: 'a fine-tuning job has no organization_id, and result_files only once there are any',
    applies: ({ object }) => object === 'fine_tuning.job',
    mend(job) {
      job['organization_id'] ??= ''
      job['result_files'] ??= []
    },
  },
  {
    what: 'a fine-tuning job is pending, pausing, paused or resuming',
    applies: ({ object, status }) => object === 'fine_tuning.job' && states.has(status as string),
    mend(job) {
      job['status'] = states.get(job['status'] as string)
    },
  },
  {
    what: 'a vector store without a name has null for it',
    applies: ({ object, name }) => object === 'vector_store' && name === null,
    mend(store) {
      store['name'] = ''
    },
  },
  {
    what: 'a batch of files is a vector_store.file_batch',
    applies: ({ object }) => object === 'vector_store.file_batch',
    mend(batch) {
      batch['object'] = 'vector_store.files_batch'
    },
  },
  {
    what: "the files of a vector store's batch are listed without usage_bytes",
    applies: ({ object, usage_bytes }) => object === 'vector_store.file' && usage_bytes === undefined,
    mend(file) {
      file['usage_bytes'] = 0
    },
  },
  {
    what: 'the usage of a response has no cache_write_tokens but of the models that charge for them',
    applies: ({ cached_tokens, cache_write_tokens, ...rest }) =>
      cached_tokens !== undefined && cache_write_tokens === undefined && Object.keys(rest).length === 0,
    mend(details) {
      details['cache_write_tokens'] = 0
    },
  },
  {
    what: "an evaluation's run without an error or model has null for them",
    applies: ({ object, error, model }) => object === 'eval.run' && (error === null || model === null),
    mend(run) {
      run['error'] ??= { code: '', message: '' }
      run['model'] ??= ''
    },
  },
  {
    what: "an evaluation's item for which no model was asked has a sample of nulls",
    applies: ({ sample }) => typeof sample === 'object' && sample !== null && (sample as Json)['seed'] === null,
    mend(item) {
      const usage = { total_tokens: 0, completion_tokens: 0, prompt_tokens: 0, cached_tokens: 0 }
      const numbers = { max_completion_tokens: 0, seed: 0, temperature: 0, top_p: 0 }
      item['sample'] = { ...(item['sample'] as Json), ...numbers, usage, error: { code: '', message: '' } }
    },
  },
  {
    what: 'a stored message is of the role that it was sent with (as in the example of the description)',
    applies: ({ id, role }) => /^chatcmpl-.*-\d+$/.test(String(id)) && role !== 'assistant' && role !== undefined,
    mend(message) {
      message['role'] = 'assistant'
    },
  },
]

/** The answer as described; every difference is counted in `told`. */
export function asDescribed(given: Buffer, type: string, told: Map<string, number>): Buffer {
  if (!type.startsWith('application/json')) return given
  let changes = 0
  const text = JSON.stringify(
    JSON.parse(given.toString(), (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      for (const { what, applies, mend } of differences)
        if (applies(value as Json)) {
          mend(value as Json)
          told.set(what, (told.get(what) ?? 0) + 1)
          changes++
        }
      return value
    }),
  )
  return changes > 0 ? Buffer.from(text) : given
}
