/** Films of sora-2 (documented; what the documentation leaves open is as in the upstream API's reference). */
import * as z from 'zod'
import { parseForm } from '../../base/form.ts'
import { keptShelf } from '../../base/kept-shelf.ts'
import { deploymentNotFound, invalidBody, operationNotSupported, invalidValue } from '../../errors.ts'
import { notKept, notNow } from '../../errors/stored.ts'
import { later, parseBody } from '../../http/validate.ts'
import { toSeconds } from '../../kept/stored-files.ts'
import type { AnyCall, ResourceOperation, Route } from '../../operation.ts'
import { hexText } from '../../random.ts'
import { anything, optional } from '../parts/body-fields.ts'
import { formFields } from '../parts/form-fields.ts'
import { bodyJson, bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan, wholePlan } from '../parts/whole-plan.ts'
import { emptyFilm } from './mp4.ts'

type Video = {
  readonly id: string
  readonly createdAtMs: number
  readonly model: string
  readonly prompt: string
  readonly seconds: string
  readonly size: string
  readonly remixedFrom: string | null
}

const videos = keptShelf<Video>({ kind: 'videos', ids: /video_[0-9a-f]{32}/g })
const backEnd = 'vectorStores'
const shared = { scope: 'resource', backEnd: 'vectorStores', keeps: [videos] } as const
const routes = (below: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'v1', template: `/openai/v1/videos${below}` },
]
const plan = (body: object) => jsonPlan(body, { backEnd })

const creating = later(() =>
  z.strictObject({
    model: z.string().min(1),
    prompt: z.string().min(1).max(32_000),
    seconds: optional(z.enum(['4', '8', '12'])),
    size: optional(z.enum(['720x1280', '1280x720', '1024x1792', '1792x1024'])),
    input_reference: anything,
  }),
)

export const videoCreate: ResourceOperation = {
  ...shared,
  name: 'Videos_Create',
  accepts: { json: creating, form: creating },
  method: 'POST',
  path: '/videos',
  routes: routes(),
  answer: (call) => {
    const { wire, resource } = call
    const isForm = wire.contentType.startsWith('multipart/')
    const form = isForm ? parseForm(wire.bytes, wire.contentType) : undefined
    if (isForm && !form) throw invalidBody()
    const { model, prompt, seconds, size } = parseBody(creating(), form ? formFields(form, {}) : bodyJson(call))
    const deployment = resource.findDeployment(model, 'sora-2')
    if (!deployment) throw deploymentNotFound()
    if (!deployment.model.kinds.includes('video')) throw operationNotSupported('videos', deployment.model.name)
    return made(call, { model, prompt, seconds: seconds ?? '4', size: size ?? '720x1280', remixedFrom: null })
  },
}

function made({ resource }: AnyCall, asked: Omit<Video, 'id' | 'createdAtMs'>) {
  const video: Video = { id: `video_${hexText(resource.random, 32)}`, createdAtMs: resource.clock.now(), ...asked }
  resource.shelf(videos).put(video)
  return plan(told(video, resource))
}

export const videoList: ResourceOperation = {
  ...shared,
  name: 'Videos_List',
  lists: [videos],
  method: 'GET',
  path: '/videos',
  routes: routes(),
  answer: (call) => {
    const page = pageOf(call.resource.shelf(videos).all(), call.wire.target.query, { usual: 20, max: 100 })
    return plan(listOf(page, (video) => told(video, call.resource)))
  },
}

export const videoGet: ResourceOperation = {
  ...shared,
  name: 'Videos_Get',
  method: 'GET',
  path: '/videos/{video}',
  routes: routes('/{video}'),
  answer: (call) => plan(told(named(call), call.resource)),
}

export const videoDelete: ResourceOperation = {
  ...shared,
  name: 'Videos_Delete',
  method: 'DELETE',
  path: '/videos/{video}',
  routes: routes('/{video}'),
  answer: (call) => {
    const { id } = named(call)
    call.resource.shelf(videos).delete(id)
    return plan({ id, object: 'video.deleted', deleted: true })
  },
}

export const videoContent: ResourceOperation = {
  ...shared,
  name: 'Videos_GetContent',
  method: 'GET',
  path: '/videos/{video}/content',
  routes: routes('/{video}/content'),
  answer: (call) => {
    const video = named(call)
    if (stateOf(video, call.resource).status !== 'completed') throw notNow('Video is not ready yet.', backEnd)
    const variant = call.wire.target.query.get('variant') ?? 'video'
    if (!variants.includes(variant))
      throw invalidValue(
        'variant',
        `Invalid value: '${variant}'. Supported values are: 'video', 'thumbnail', and 'spritesheet'.`,
      )
    if (variant === 'video') return wholePlan('video/mp4', emptyFilm(Number(video.seconds)), { backEnd })
    return wholePlan('image/gif', pixel, { backEnd })
  },
}

const variants: readonly string[] = ['video', 'thumbnail', 'spritesheet']

/** One pixel, which any program shows. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64')

const remixing = later(() => z.strictObject({ prompt: z.string().min(1).max(32_000) }))

export const videoRemix: ResourceOperation = {
  ...shared,
  name: 'Videos_Remix',
  accepts: { json: remixing },
  method: 'POST',
  path: '/videos/{video}/remix',
  routes: routes('/{video}/remix'),
  answer: (call) => {
    const { id, model, seconds, size } = named(call)
    const { prompt } = bodyOf(remixing(), call)
    return made(call, { model, prompt, seconds, size, remixedFrom: id })
  },
}

function named({ match, resource }: AnyCall): Video {
  const id = match.params['video'] ?? ''
  const video = resource.shelf(videos).get(id)
  if (!video) throw notKept('video', id, backEnd)
  return video
}

type Place = Pick<AnyCall['resource'], 'clock' | 'config'>

function stateOf({ createdAtMs }: Video, { clock, config }: Place) {
  const { queueTimeMs, runTimeMs } = config.jobs
  const ranMs = clock.now() - createdAtMs - queueTimeMs
  if (ranMs < 0) return { status: 'queued', progress: 0, completedAtMs: undefined }
  if (ranMs < runTimeMs)
    return { status: 'in_progress', progress: Math.floor((100 * ranMs) / runTimeMs), completedAtMs: undefined }
  return { status: 'completed', progress: 100, completedAtMs: createdAtMs + queueTimeMs + runTimeMs }
}

function told(video: Video, place: Place): { readonly id: string } & Readonly<Record<string, unknown>> {
  const { status, progress, completedAtMs } = stateOf(video, place)
  return {
    id: video.id,
    object: 'video',
    created_at: toSeconds(video.createdAtMs),
    status,
    model: video.model,
    progress,
    prompt: video.prompt,
    seconds: video.seconds,
    size: video.size,
    completed_at: completedAtMs === undefined ? null : toSeconds(completedAtMs),
    // Content can be had for a day (documented).
    expires_at: completedAtMs === undefined ? null : toSeconds(completedAtMs) + 86_400,
    error: null,
    remixed_from_video_id: video.remixedFrom,
  }
}
