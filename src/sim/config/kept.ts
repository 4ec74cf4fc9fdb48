/** Settings of what clients leave behind: stored responses, files and batches. */
import { group, whole } from './forms.ts'
import { lifetime, spread, time, timeout } from './schema-kinds.ts'

export const responsesSetting = () =>
  group({
    maxResponses: whole(0).meta({
      description: 'How many responses are kept; the oldest goes first.',
      default: 10_000,
    }),
    maxBytes: whole(0).meta({ description: 'How much memory they may take, about.', default: 134_217_728 }),
    lifetime: lifetime().meta({ description: 'How long each is kept.', default: '30d' }),
    queueTime: spread().meta({
      description: 'How long a response in the background is queued before it is in progress.',
      default: '500ms ± 100ms',
    }),
  }).meta({ description: 'Stored responses of the Responses API, kept in memory by each process.' })

export const filesSetting = () =>
  group({
    processTime: time(0).meta({ description: 'How long a file is pending after its upload.', default: '500ms' }),
    maxFiles: whole(1, 100_000).meta({ description: 'How many are kept; the oldest go first.', default: 500 }),
    maxBytes: whole(1, 4_294_967_296).meta({
      description: 'How many bytes they may have in all; the oldest go first.',
      default: 268_435_456,
    }),
    lifetime: timeout().meta({ description: 'How long one is kept.', default: '1440min' }),
  }).meta({ description: 'Files that clients upload, and those that batches put out. They are kept in memory.' })

export const batchesSetting = () =>
  group({
    validateTime: time(0).meta({ description: 'How long a batch is validating.', default: '1s' }),
    runTime: time(0).meta({
      description: 'How long it is in progress, over which its lines are spread; longer only for very many.',
      default: '5s',
    }),
    finalizeTime: time(0).meta({ description: 'How long it is finalizing, or cancelling.', default: '1s' }),
    maxBatches: whole(1, 100_000).meta({ description: 'How many are known; the oldest go first.', default: 1_000 }),
    lifetime: timeout().meta({ description: 'How long one is known.', default: '1440min' }),
  }).meta({ description: 'Batches: the time that each state takes, and how many are kept.' })
