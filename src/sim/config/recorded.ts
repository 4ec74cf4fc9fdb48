/** Settings of record and replay mode, and of the service that is recorded. */
import * as z from 'zod'
import { choice, flag, group, text, webAddress, whole } from './forms.ts'
import { connectionString, containerName, timeout } from './schema-kinds.ts'

const speedForm = 'a number from 0 to 1000'

export const recordingSetting = () =>
  group({
    dir: text('the path of a folder').meta({
      env: 'RECORDING_DIR',
      filePath: true,
      description: 'Folder of recordings.',
      default: '.recording',
    }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      env: 'RECORDING_CONTAINER_URL',
      description:
        'URL of a Blob container in place of the folder; signs in with @azure/identity, or with the SAS in the URL.',
      secret: true,
    }),
    connectionString: connectionString().optional().meta({
      env: 'RECORDING_CONNECTION_STRING',
      description: 'Connection string of the storage account, in place of the URL of the container.',
      secret: true,
    }),
    container: containerName().meta({
      env: 'RECORDING_CONTAINER',
      description: 'Name of the container in that account.',
      default: 'recordings',
    }),
    autosave: flag().meta({
      env: 'RECORDING_AUTOSAVE',
      description: 'Whether recordings are written at once, or at POST /++/save-recordings and at the stop.',
      default: true,
    }),
    durability: choice(['before-end', 'soon']).meta({
      description: 'When a document is written: before the end of its answer, or soon after it.',
      default: 'before-end',
    }),
    maxWaitingBytes: whole(1).meta({
      description:
        'Maximum size of all recordings that wait to be written; beyond that an answer waits for its document.',
      default: 67_108_864,
    }),
    match: group({
      ignore: z.array(text('names of fields, as user or metadata.session'), { error: 'a list of names' }).meta({
        description: 'Fields of the body that are ignored when a recording is looked up.',
        default: [],
      }),
    }).meta({ description: 'When two requests count as the same.' }),
    keep: choice(['first', 'all']).meta({
      description:
        'Which answers to equal requests are kept: the first, or each that differs from the one before. Several are replayed in order, then the last again.',
      default: 'all',
    }),
  }).meta({ description: 'Where recordings are, and when two requests count as the same.', startOnly: true })

export const replaySetting = () =>
  group({
    onMiss: choice(['error', 'generate', 'forward']).meta({
      description: "Answer when no recording matches: a 404, a generated answer, or the service's answer.",
      default: 'error',
    }),
    speed: z
      .number({ error: speedForm })
      .min(0, { error: speedForm })
      .max(1000, { error: speedForm })
      .meta({ description: 'Replay speed: 2 is twice as fast as recorded; 0 skips all waits.', default: 1 }),
  }).meta({ description: 'Replay mode.' })

export const forwardSetting = () =>
  group({
    endpoint: webAddress('an address, as https://name.openai.azure.com')
      .optional()
      .meta({ env: 'AZURE_OPENAI_ENDPOINT', description: 'Endpoint of the service that record mode forwards to.' }),
    key: text('the key of that service').optional().meta({
      env: 'AZURE_OPENAI_KEY',
      description: 'Key of that service. Default: an Entra token is used.',
      secret: true,
    }),
    connectTimeout: timeout().meta({ description: 'Timeout for connecting.', default: '10s' }),
    idleTimeout: timeout().meta({
      description: 'Timeout while the service sends nothing, before its answer and within it.',
      default: '5min',
    }),
    totalTimeout: timeout().meta({ description: 'Timeout for a whole answer.', default: '15min' }),
  }).meta({ description: 'The real service, for record mode.' })
