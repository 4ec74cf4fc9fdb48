/** Settings of record and replay mode, and of the service that is recorded. */
import * as z from 'zod'
import { choice, flag, group, text, webAddress } from './forms.ts'
import { connectionString, containerName, timeout } from './schema-kinds.ts'

const speedForm = 'a number from 0 to 1000'

export const recordingSetting = () =>
  group({
    dir: text('the path of a folder').meta({
      env: 'RECORDING_DIR',
      description: 'Folder of recordings.',
      default: '.recording',
    }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      env: 'RECORDING_CONTAINER_URL',
      description: 'A Blob container instead of the folder, signed in to by @azure/identity or a signature in it.',
      secret: true,
    }),
    connectionString: connectionString().optional().meta({
      env: 'RECORDING_CONNECTION_STRING',
      description: 'A storage account that has the container, instead of its address.',
      secret: true,
    }),
    container: containerName().meta({
      env: 'RECORDING_CONTAINER',
      description: 'Name of the container in that account.',
      default: 'recordings',
    }),
    autosave: flag().meta({
      env: 'RECORDING_AUTOSAVE',
      description: 'Whether recordings are written at once, or kept until POST /++/save-recordings or the stop.',
      default: true,
    }),
    match: group({
      ignore: z.array(text('names of fields, as user or metadata.session'), { error: 'a list of names' }).meta({
        description: 'Fields of the body that do not matter for finding a recording.',
        default: [],
      }),
    }),
    keep: choice(['first', 'all']).meta({
      description: 'Which answers to equal requests are kept; several are replayed in order, then the last again.',
      default: 'first',
    }),
  }).meta({ description: 'Where recordings are, and when two requests are the same.', startOnly: true })

export const replaySetting = () =>
  group({
    onMiss: choice(['error', 'generate', 'forward']).meta({
      description:
        'What a request gets that no recording fits: a 404, a generated answer, or the answer of the service.',
      default: 'error',
    }),
    speed: z
      .number({ error: speedForm })
      .min(0, { error: speedForm })
      .max(1000, { error: speedForm })
      .meta({ description: 'How many times as fast as recorded; 0 leaves all waits out.', default: 1 }),
  })

export const forwardSetting = () =>
  group({
    endpoint: webAddress('an address, as https://name.openai.azure.com')
      .optional()
      .meta({ env: 'AZURE_OPENAI_ENDPOINT', description: 'The service that record mode asks.' }),
    key: text('the key of that service')
      .optional()
      .meta({ env: 'AZURE_OPENAI_KEY', description: 'Its key. Without one an Entra token is used.', secret: true }),
    connectTimeout: timeout().meta({ description: 'How long connecting may take.', default: '10s' }),
    idleTimeout: timeout().meta({
      description: 'How long the service may be silent, before its answer and within it.',
      default: '5min',
    }),
    totalTimeout: timeout().meta({ description: 'How long an answer may take in all.', default: '15min' }),
  }).meta({ description: 'The real service, for record mode.' })
