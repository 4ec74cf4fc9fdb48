/** The operations that a rule can name: those of deployments first, then the resource's own. */
export const operationNames = [
  ...['chatCompletions', 'completions', 'responses', 'messages', 'embeddings', 'imagesGenerations', 'imagesEdits'],
  ...['imagesEmbeddings', 'audioSpeech', 'audioTranscriptions', 'audioTranslations'],
  ...['responsesCompact', 'responsesInput_tokens', 'responsesCancel', 'responsesInput_items', 'messagesCount_tokens'],
  ...[
    'models',
    'deployments',
    'info',
    'files',
    'filesContent',
    'batches',
    'batchesCancel',
    'conversations',
    'conversationsItems',
    'agents',
    'agentsVersions',
  ],
] as const

/** Those that answer with a text, and with calls of tools. */
export const sayers: readonly string[] = ['chatCompletions', 'completions', 'responses', 'messages']
/** Those whose answers may be streams of events. */
export const streamers: readonly string[] = [
  ...sayers,
  ...['imagesGenerations', 'imagesEdits', 'audioSpeech', 'audioTranscriptions'],
]
export const toolCallers: readonly string[] = ['chatCompletions', 'responses', 'messages']
