/** The schemas of sessions: today's, the previews', and those of transcription sessions. */
import * as z from 'zod'
import { later } from '../../http/validate.ts'
import { optional } from '../parts/body-fields.ts'
import {
  byType,
  format,
  functionTool,
  include,
  maxTokensSchema,
  noiseReduction,
  prompt,
  reasoning,
  shortFormat,
  toolChoice,
  tools,
  tracing,
  transcription,
  truncation,
  turnDetection,
  voice,
} from './schema-parts.ts'

const input = () => ({
  format: format(),
  noise_reduction: noiseReduction(),
  transcription: transcription(),
  turn_detection: turnDetection(),
})

const realtime = () =>
  z.strictObject({
    type: z.literal('realtime'),
    model: optional(z.string().min(1)),
    output_modalities: optional(
      z
        .array(z.enum(['text', 'audio']))
        .min(1)
        .max(1),
    ),
    instructions: optional(z.string()),
    audio: optional(
      z.strictObject({
        input: optional(z.strictObject(input())),
        output: optional(
          z.strictObject({ format: format(), voice: voice(), speed: optional(z.number().min(0.25).max(1.5)) }),
        ),
      }),
    ),
    include: include(),
    max_output_tokens: maxTokensSchema(),
    parallel_tool_calls: optional(z.boolean()),
    prompt: prompt(),
    reasoning: reasoning(),
    tool_choice: toolChoice(),
    tools: tools(),
    tracing: tracing(),
    truncation: truncation(),
  })

const writing = () =>
  z.strictObject({
    type: z.literal('transcription'),
    audio: optional(z.strictObject({ input: optional(z.strictObject(input())) })),
    include: include(),
  })

export const session = later(() => byType({ realtime: realtime(), transcription: writing() }))

const shortInput = () => ({
  input_audio_format: shortFormat(),
  input_audio_transcription: transcription(),
  input_audio_noise_reduction: noiseReduction(),
  turn_detection: turnDetection(),
  include: include(),
})

export const previewSession = later(() =>
  z.strictObject({
    ...shortInput(),
    model: optional(z.string().min(1)),
    modalities: optional(z.array(z.enum(['text', 'audio'])).min(1)),
    instructions: optional(z.string()),
    voice: voice(),
    output_audio_format: shortFormat(),
    max_response_output_tokens: maxTokensSchema(),
    temperature: optional(z.number().min(0.6).max(1.2)),
    speed: optional(z.number().min(0.25).max(1.5)),
    tool_choice: toolChoice(),
    // Older clients send tools without a type.
    tools: optional(z.array(functionTool().extend({ type: optional(z.literal('function')) }))),
    tracing: tracing(),
    prompt: prompt(),
  }),
)

export const previewWriting = later(() => z.strictObject({ ...shortInput(), model: optional(z.string().min(1)) }))
