import * as z from 'zod'
import { parseBody } from '../../http/validate.ts'
import type { Generated, Operation } from '../../operation.ts'
import { audioCost, audioShape, checkAudioFile, megabytes, recordedSeconds } from './audio-file.ts'
import { formFields } from '../parts/form-fields.ts'
import { spokenSegments } from './spoken.ts'
import type { TimedText } from './subtitles.ts'
import { whisperAnswer, whisperFormats } from './whisper-answer.ts'
import { noUsage } from '../../base/no-usage.ts'

type Answer = Generated & { readonly segments: readonly TimedText[]; readonly seconds: number }

const translationCost = { ...audioCost, countedApart: 'translations' }

/** Speech in any language becomes English text; how much of it follows from how long the recording is. */
export const audioTranslations: Operation<Body, Answer> = {
  scope: 'deployment',
  name: 'Audio_Translations',
  accepts: { form: () => Body.extend({ file: z.file() }) },
  label: 'audioTranslation',
  method: 'POST',
  path: '/audio/translations',
  modelKind: 'translation',
  defaultModel: 'whisper',
  latency: 'translations',
  content: 'multipart',
  backEnd: 'whisper',

  parse: (form) => {
    const body = parseBody(Body, formFields(form, { numbers: ['temperature'] }))
    checkAudioFile(body.file)
    return body
  },

  // Apart from the transcriptions of its deployment (recorded March 2024).
  measure: () => translationCost,

  generate: ({ body, random, wire }) => {
    const seconds = recordedSeconds(wire)
    return {
      usage: noUsage,
      units: megabytes(body.file),
      segments: spokenSegments(seconds, random),
      seconds,
    }
  },

  whole: ({ body: { temperature, response_format }, random }, { segments, seconds }) =>
    whisperAnswer(
      {
        segments,
        seconds,
        task: 'translate',
        language: 'english',
        temperature,
        withSegments: true,
        withWords: false,
      },
      response_format,
      random,
    ),
}

const Body = z.object({ ...audioShape, response_format: z.enum(whisperFormats).default('json') })
type Body = z.output<typeof Body>
