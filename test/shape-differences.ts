/**
 * Where an answer of ours is meant to differ in shape from a recorded one. Whoever adds a line says why; a line that no
 * recording needs any more fails the test.
 */
export type MeantDifference = {
  /** Names of recordings. */
  readonly in: RegExp
  /** Lines of `test/support/shape.ts`. */
  readonly difference: RegExp
  readonly why: string
}

export const meantDifferences: readonly MeantDifference[] = [
  {
    in: /^(chat-2023-11|chat-completion-filtered|chat-stream-old|completions-2023-11)$/,
    difference:
      /(jailbreak|protected_material_(code|text)|obfuscation|annotations|refusal|logprobs|system_fingerprint|_tokens_details): not in the recording$/,
    why: 'These fields came after the recording (2023, April 2024); answers are those of 2026.',
  },
  {
    in: /^(chat|completions)-2023-11$/,
    difference: /: keys in the order /,
    why: 'In 2023 keys came in the order of the upstream API; since 2024 they are sorted.',
  },
  {
    in: /^chat-stream-2025-07$/,
    difference: /(obfuscation|choices\[\]\.delta): not in the recording$/,
    why: 'Padding came in November 2025. An opening chunk without a delta was seen in this recording alone.',
  },
  {
    in: /^chat-stream-2026-03$/,
    difference: /^finish\..*: missing$/,
    why: "A last chunk's verdicts were recorded both full and empty, the empty ones later.",
  },
  {
    in: /^chat-stream-gpt-5\.2-2026-06$/,
    difference: /^usage\.latency_checkpoint: missing$/,
    why: 'Measurements that the service sends at times; no client reads them.',
  },
  {
    in: /^chat-pydantic-2025$/,
    difference:
      /^(layout: .* instead of spaced|prompt_filter_results\[\]: keys in the order .*|choices\[\]\.message\.annotations: not in the recording)$/,
    why: 'Whoever kept this recording wrote its JSON anew, with spaces and its keys sorted. Annotations came later.',
  },
  {
    in: /^chat-completion-filtered$/,
    difference: /^choices\[\]\.message: not in the recording$/,
    why: 'This answer was blocked by the filter; the question alone does not do that here.',
  },
  {
    in: /-(2023-11|2024-02|filtered|old|2025-07|2026-01|2026-02|json-schema|gpt-5-nano|4o-mini|tool-calls|usage|vision)$/,
    difference:
      /^header (azureml-model-session|skip-error-remapping|x-ms-(deployment-name|is-spilled-over|rai-invoked)|x-ratelimit-.*): not in the recording$/,
    why: 'These headers came between November 2023 and March 2026, after the recording.',
  },
  {
    in: /^chat-stream-2025-07$/,
    difference: /^header cmp-upstream-response-duration: missing$/,
    why: 'Some backends of 2025 measured themselves.',
  },
  {
    in: /^chat-pydantic-2025$/,
    difference: /^header /,
    why: 'Whoever kept this recording left most headers out, and its backend measured itself.',
  },
  {
    in: /^chat-gpt-5\.2-chat-2026-04$/,
    difference: /^header (azureai-fe-is-streaming|x-ms-served-model): not in the recording$/,
    why: 'The new front end had come only in part in April 2026; by June it sent these.',
  },
  {
    in: /-(2023-11|2024-02|2025-07|2026-01|2026-02|json-schema|tool-calls|usage|4o-mini)$/,
    difference: /^header x-(envoy-upstream-service-time|ms-client-request-id): not in the recording$/,
    why: 'Recordings of older models and of embeddings disagree about these two; most have them.',
  },
  {
    in: /^chat-(completion-filtered|stream-old)$/,
    difference: /(^|\.)system_fingerprint: string instead of null$/,
    why: 'Later recordings of this model have a fingerprint.',
  },
  {
    in: /^chat-(pydantic-2025|vision)$/,
    difference: /(jailbreak|protected_material_(code|text)): keys in the order filtered, detected$/,
    why: 'Other recordings of these models have the two keys in the order that is used here.',
  },
  {
    in: /^chat-vision$/,
    difference: /content_filter_results\.protected_material_(code|text): missing$/,
    why: 'Newer recordings of answers about pictures have no verdict on protected material.',
  },
  {
    in: /^error-404-DeploymentNotFound$/,
    difference: /^header content-(length|type): not in the recording$/,
    why: 'The service sends this body in chunks, and the recording has no type for it: a length and a type hurt nobody.',
  },
]

/** Recordings that say nothing about the service. */
export const leftOut: Readonly<Record<string, string>> = {
  'chat-prompt-filtered-200':
    'Its body was written by hand: an error under status 200, in the words of the documentation.',
}
