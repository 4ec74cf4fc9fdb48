/** Recordings that are not compared, each with why; and what of older ones is not. */

const because = (why: string, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, why]))

export const leftOut: Readonly<Record<string, string>> = {
  ...because(
    'not simulated yet, or not from these deployments: assistants, vector stores, uploads, fine-tuning, evaluations',
    'java-upload-create-cancel',
    'js-assistants-run-2024-02',
    'net-files-assistants-function-call',
    'net-files-assistants-streaming-run',
    'net-files-assistants-threads',
    'net-files-fine-tuning-cancel-and-gone',
    'net-files-fine-tuning-events',
    'net-files-vector-store-create-get-delete',
    'net-files-vector-store-file-batch',
    'net-files-vector-store-files',
    'v1-more-evals-resource-2025-04',
    'v1-more-vector-store-file-batch-cancel-2024-11',
  ),
  ...because(
    'Responses of March to November 2025, whose members and headers have changed since',
    'go-responses-chaining',
    'go-responses-function-call',
    'go-responses-function-strict-false',
    'go-responses-image-input',
    'go-responses-stream',
    'java-responses-input-items-2025-03',
    'net-chat-responses-computer-call-2025-03',
    'net-chat-responses-delete',
    'net-chat-responses-function-call',
    'net-chat-responses-function-named',
    'net-chat-responses-instructions-2025-11',
    'net-chat-responses-max-output-2025-03',
    'net-chat-responses-reasoning-summary',
    'net-chat-responses-store-false',
    'net-chat-responses-structured',
    'net-chat-responses-two-models',
    'net-chat-responses-web-search-2026-03',
  ),
  ...because(
    'unsorted members of March 2024 and before, which every newer recording contradicts',
    'java-chat-function-auto-2024-03',
    'java-chat-tools-stream-2024-03',
    'js-chat-functions',
  ),
  ...because(
    'what was refused in 2023 and 2024 is taken now',
    'java-error-unrecognized-argument',
    'js-chat-functions-unrecognized',
    'js-chat-on-your-data-extensions',
    'js-chat-on-your-data-stream',
    'js-chat-tools-unrecognized-2024-01',
  ),
  ...because(
    'a limit that was reached, or a failure of the service: nothing that a request asks for',
    'java-error-500-gateway',
    'java-inference-tools-stream-429-2024-12',
    'java-transcription-429-then-verbose',
    'java-translation-429-vtt',
  ),
  ...because(
    'a blocklist that the deployment had',
    'net-chat-chat-completion-filtered',
    'net-chat-chat-stream-async-filter-blocklist-2024-10',
    'net-chat-chat-stream-async-filter-blocklist-2025-04',
  ),
  ...because(
    'newer recordings of the same service have it otherwise',
    'java-batch-file-create-cancel-delete',
    'js-chat-response-format-string-with-image',
    'js-chat-vision-2025-01',
    'net-chat-chat-hello-2025-08',
    'net-chat-chat-vision',
    'net-files-batch-cancel-2024-10-21',
  ),
  ...because(
    'depends on what was kept before, or on how long a batch took',
    'js-assistants-files-list',
    'net-files-batch-cancel-2025-01-01-preview',
    'net-files-batch-cancel-2025-04-01-preview',
    'net-files-batch-complete-2025-01-01-preview',
  ),
  ...because('the end of a stream alone', 'net-chat-chat-audio-stream-end'),
}

/** Headers of recordings of before July 2025 that newer ones of the same services lack. */
export const goneHeaders: ReadonlySet<string> = new Set([
  'openai-processing-ms',
  'x-accel-buffering',
  'x-ms-client-request-id',
  'x-request-id',
])
