/**
 * Differences that are meant: recordings of Azure prove them, or the description contradicts itself. Each says which; what
 * is not here and differs is a fault of ours, or news.
 */

type Known = { readonly what: RegExp; readonly line: RegExp; readonly reason: string }

const nullFor = (what: RegExp, names: string, where: string): Known => ({
  what,
  line: new RegExp(String.raw`\.(?:${names}) is null, not `),
  reason: `null where there is none, ${where}`,
})

const all: readonly Known[] = [
  nullFor(/\/batches/, String.raw`errors|\w+_at`, 'recorded of batches (2024 to 2026)'),
  nullFor(/\/files|\/uploads/, 'expires_at|status_details', 'recorded of files (2024 to 2026)'),
  { what: /POST \/files/, line: /\.status is "pending"/, reason: 'recorded of files for batches and fine-tuning' },
  nullFor(/\/chat\/completions/, 'system_fingerprint', 'recorded'),
  {
    what: /\/chat\/completions stream/,
    line: /\.object is ""/,
    reason: "the first chunk, of the prompt's filters, recorded",
  },
  nullFor(/\/chat\/completions/, 'tool_calls|function_call', "as in the description's example"),
  {
    what: /\/messages$/,
    line: /refusal is missing|role is "user"/,
    reason: "the messages that were sent, as in the description's example",
  },
  nullFor(/\/evals/, 'model|error', 'recorded of runs (April 2025)'),
  nullFor(
    /\/output_items/,
    'usage|error|temperature|max_completion_tokens|top_p|seed',
    'recorded of an item for which no model was asked (May 2026)',
  ),
  {
    what: /\/fine_tuning\/jobs/,
    line: /\.(?:error|organization_id|validation_file|finished_at|fine_tuned_model|result_files|trained_tokens) is missing/,
    reason: 'told once there is any, and never whose organization it is, recorded (2025 and 2026)',
  },
  {
    what: /\/fine_tuning\/jobs/,
    line: /\.hyperparameters\.\w+ is -1|\.status is "(?:pending|pausing|paused|resuming)"/,
    reason: 'recorded (December 2025)',
  },
  {
    what: /graders\/validate/,
    line: /\.grader\.graders\./,
    reason: 'the graders of one of several have names in its guide, where the description has a single one',
  },
  nullFor(/\/vector_stores/, 'name|expires_after', 'recorded'),
  { what: /\/file_batches/, line: /\.object is "vector_store\.file_batch"/, reason: 'recorded (2024 and 2026)' },
  { what: /\/file_batches/, line: /\.data\[\]\.usage_bytes is missing/, reason: 'recorded' },
  nullFor(/responses/, 'user|usage|description|server_description', 'recorded (2025 and 2026)'),
  {
    what: /responses/,
    line: /\.server_url is "https:[^"]*<redacted>"/,
    reason: 'what follows the host is hidden, recorded of tools of MCP servers',
  },
  {
    what: /project: POST \/responses stream/,
    line: /\.response\.tool_choice is null/,
    reason: 'of a project, where none was asked for, recorded (December 2025 to March 2026)',
  },
  {
    what: /project: .*\/runs/,
    line: /\.error\.(?:code|message) is null|^\.object is missing/,
    reason: 'of a project, recorded (May 2026)',
  },
  {
    what: /responses/,
    line: /\.cache_write_tokens is missing/,
    reason: 'recorded without it, but of the models that charge for it',
  },
  { what: / keepalive$/, line: /./, reason: 'recorded of a search that takes long (March 2026)' },
  {
    what: /function_call_arguments\.done$/,
    line: /^\.name is missing/,
    reason: 'recorded without it (March 2026)',
  },
  {
    what: /output_item\.added$/,
    line: /\.item\.action is missing/,
    reason: 'recorded of web_search_preview (February 2026)',
  },
  {
    what: /output_item\.added$/,
    line: /\.item\.result is missing/,
    reason: 'a picture that is not drawn yet, recorded (December 2025)',
  },
  {
    what: /\/input_items/,
    line: /\.request_id is missing/,
    reason: 'the description demands of an approval what it does not describe',
  },
  nullFor(
    /client_secrets|session\.\w+$/,
    'transcription|noise_reduction|include|language|prompt',
    'recorded of sessions (July 2026)',
  ),
  {
    what: /^realtime preview/,
    line: /\.type is "(?:response\.)?(?:text|audio).* not \["(?:response\.)?output_/,
    reason: 'the previews have names of their own, which their events are described without',
  },
  nullFor(/conversation\.item\./, 'transcript', 'what is not written down yet, recorded'),
  nullFor(/response\.(?:created|done)$/, 'status_details|usage|conversation_id', 'recorded'),
]

/** The reason for a difference, if it is not a fault of the simulator. */
export const knownOf = (what: string, line: string): string | undefined =>
  all.find((one) => one.what.test(what) && one.line.test(line))?.reason
