/** Settings of what clients leave behind: stored responses, files and batches. */
import { choice, group, whole } from './forms.ts'
import { lifetime, spread, time, timeout } from './schema-kinds.ts'

export const responsesSetting = () =>
  group({
    maxResponses: whole(0).meta({
      description: 'Number of stored responses; the oldest is deleted first.',
      default: 10_000,
    }),
    maxBytes: whole(0).meta({ description: 'Approximate memory for stored responses.', default: 134_217_728 }),
    lifetime: lifetime().meta({ description: 'How long each is kept.', default: '30d' }),
    queueTime: spread().meta({
      description: 'Time that a background response spends in `queued`.',
      default: '500ms ± 100ms',
    }),
    checkItems: choice(['on', 'off']).meta({
      description:
        'Whether items that a request sends back are checked as the service does: that they are known, that thoughts come with what followed them, that encrypted content is of this resource; and that vector stores to search in are there.',
      default: 'on',
    }),
  }).meta({
    description:
      'Stored responses of the Responses API, and conversations: in memory, and where `state` names a place, there, too.',
  })

export const keptSetting = () =>
  group({
    maxEntries: whole(0).meta({
      description: 'Number of each kind that is kept; the oldest is deleted first.',
      default: 10_000,
    }),
    maxBytes: whole(0).meta({ description: 'Approximate memory for each kind.', default: 67_108_864 }),
    lifetime: lifetime().meta({ description: 'How long each is kept after its last change.', default: '30d' }),
  }).meta({
    description:
      'What else clients leave behind, in memory, and where `state` names a place, there, too: stored chat completions, vector stores, uploads, jobs, evaluations, containers.',
  })

export const liveSetting = () =>
  group({
    maxTime: timeout().meta({ description: 'How long a live connection lasts at most.', default: '60min' }),
  }).meta({ description: 'Live connections: Responses over WebSocket, and Realtime.' })

export const jobsSetting = () =>
  group({
    queueTime: time(0).meta({ description: 'Time that a job spends before it runs.', default: '500ms' }),
    runTime: time(0).meta({ description: 'Time that a job runs.', default: '5s' }),
  }).meta({ description: 'Jobs of fine-tuning and runs of evaluations: the time that each state takes.' })

export const filesSetting = () =>
  group({
    processTime: time(0).meta({
      description: 'How long a file for fine-tuning is pending after its upload.',
      default: '500ms',
    }),
    indexTime: time(0).meta({
      description: 'How long a file of a vector store is in progress.',
      default: '1s',
    }),
    maxFiles: whole(1, 100_000).meta({
      description: 'Number of files that are kept; the oldest is deleted first.',
      default: 500,
    }),
    maxBytes: whole(1, 4_294_967_296).meta({
      description: 'Total size of the kept files; the oldest is deleted first.',
      default: 268_435_456,
    }),
    lifetime: timeout().meta({ description: 'How long a file is kept.', default: '1440min' }),
  }).meta({
    description:
      'Files that clients upload, and those that batches put out. They are kept in memory, and where `state` names a place, there, too.',
  })

export const batchesSetting = () =>
  group({
    validateTime: time(0).meta({ description: 'Time that a batch spends in `validating`.', default: '1s' }),
    runTime: time(0).meta({
      description:
        'Time that a batch spends in `in_progress`; its lines are spread over it. Very many lines take longer.',
      default: '5s',
    }),
    finalizeTime: time(0).meta({
      description: 'Time that a batch spends in `finalizing` or `cancelling`.',
      default: '1s',
    }),
    maxBatches: whole(1, 100_000).meta({
      description: 'Number of batches that are kept; the oldest is deleted first.',
      default: 1_000,
    }),
    lifetime: timeout().meta({ description: 'How long a batch is kept.', default: '1440min' }),
  }).meta({ description: 'Batches: the time that each state takes, and how many are kept.' })
