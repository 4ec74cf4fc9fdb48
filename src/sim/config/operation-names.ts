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
    'connections',
    'chatCompletionsMessages',
    'containers',
    'containersFiles',
    'containersFilesContent',
    'dashboardWebhook_endpoints',
    'responsesConnect',
    'realtime',
    'realtimeClient_secrets',
    'realtimeapiSessions',
    'realtimeRespond',
    'realtimeTranslations',
    'realtimeTranslationsClient_secrets',
    'liveSessions',
    'liveSessionsAttach',
    'evals',
    'evalsRuns',
    'evalsRunsCancel',
    'evalsRunsOutput_items',
    'fine_tuningAlphaGradersRun',
    'fine_tuningAlphaGradersValidate',
    'fine_tuningJobs',
    'fine_tuningJobsCancel',
    'fine_tuningJobsCheckpoints',
    'fine_tuningJobsEvents',
    'fine_tuningJobsPause',
    'fine_tuningJobsResume',
    'uploads',
    'uploadsCancel',
    'uploadsComplete',
    'uploadsParts',
    'vector_stores',
    'vector_storesFile_batches',
    'vector_storesFile_batchesCancel',
    'vector_storesFile_batchesFiles',
    'vector_storesFiles',
    'vector_storesFilesContent',
    'vector_storesSearch',
    'videos',
    'videosContent',
    'videosRemix',
  ],
] as const

/** Those that answer with a text, and with calls of tools. */
export const sayers: readonly string[] = ['chatCompletions', 'completions', 'responses', 'messages', 'realtimeRespond']
/** Those that become live connections. */
export const connections: readonly string[] = [
  ...['realtime', 'responsesConnect', 'realtimeTranslations', 'liveSessions', 'liveSessionsAttach'],
]
/** Those whose answers may be streams of events. */
export const streamers: readonly string[] = [
  ...sayers,
  ...['imagesGenerations', 'imagesEdits', 'audioSpeech', 'audioTranscriptions'],
  ...connections,
]
export const toolCallers: readonly string[] = ['chatCompletions', 'responses', 'messages', 'realtimeRespond']
