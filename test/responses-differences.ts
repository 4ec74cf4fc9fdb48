/** Where a response of ours is meant to differ in shape from a recorded one: see `shape-differences.ts`. */
import type { MeantDifference } from './shape-differences.ts'

export const meantDifferences: readonly MeantDifference[] = [
  {
    in: /^responses-gpt-5\.\d/,
    difference: /^(layout: .* instead of spaced|.*: keys in the order .*)$/,
    why: 'Whoever kept these recordings wrote their JSON anew, with spaces and all keys sorted.',
  },
  {
    in: /^(azure|openai)-/,
    difference:
      /(^|\.)(completed_at|frequency_penalty|presence_penalty|prompt_cache_retention|tools\[\]\.search_content_types): not in the recording$/,
    why: 'These fields came between October 2025 and April 2026, after the recording.',
  },
  {
    in: /^azure-(code|image|reasoning|web)/,
    difference: /(^|\.)content_filters: a list instead of null$/,
    why: 'Verdicts of the content filter came in February 2026; before, their place was empty.',
  },
  {
    in: /^openai-/,
    difference: /(^|\.)content_filters: not in the recording$/,
    why: 'The upstream API has no content filter; these two recordings are of it.',
  },
  {
    in: /^azure-(text|tool-call)/,
    difference: /(content_filter_raw: a list instead of null|: keys in the order detected, filtered)$/,
    why: 'Until March 2026 an empty list was null, and these two keys came the other way round.',
  },
  {
    in: /^(azure-(text|tool-call)|responses-tools-2026-04)/,
    difference: /content_filter_results: keys in the order (jailbreak|protected_material_code), /,
    why: 'The order of the categories differs from one recording to the next: the service gives it no meaning.',
  },
  {
    in: /^openai-file-search-tool\.1\.stream/,
    difference: /^events: /,
    why: 'That answer cites its file twice, in the midst of its text; ours cites it once. All other events are the same.',
  },
  {
    in: /^responses-(text|tools)-2026-04$/,
    difference: /^header azureai-fe-is-streaming: not in the recording$/,
    why: 'The new front end had come only in part in April 2026; by July it sent this one.',
  },
  {
    in: /^responses-gpt-5\.6/,
    difference: /(^|\.)cache_write_tokens: not in the recording$/,
    why: 'Documented for this family; the recording is from before it came.',
  },
  {
    in: /^azure-image-generation-tool/,
    difference: /(^|\.)action: not in the recording$/,
    why: 'Newer recordings say what was done with a picture; this one is older.',
  },
  {
    in: /^azure-web-search-preview-tool/,
    difference: /(action\.queries: not in the recording|^events: .*web_search_call\.completed)/,
    why: 'Newer recordings list the queries of a search, and tell that it is completed.',
  },
]
