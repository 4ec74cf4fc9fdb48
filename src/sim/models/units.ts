/**
 * What one unit of a deployment's capacity lets pass, by type of deployment and model, as the management plane lists it
 * for eastus2 and swedencentral (api-version 2025-06-01, April 2026). `1/10s 1000`: one request per 10 s and 1,000 tokens per
 * 60 s; 0 tokens where they are not limited. A version stands beside a name where its versions differ.
 */
import type { Model, Sku, UnitLimits } from '../types.ts'
import { canonicalName } from './catalogue.ts'

const listed: Readonly<Partial<Record<Sku, Readonly<Record<string, string>>>>> = {
  Standard: {
    '1/10s 1000':
      'babbage-002 davinci-002 gpt-35-turbo gpt-35-turbo-16k gpt-35-turbo-instruct gpt-4-32k gpt-4@0125-Preview gpt-4@0613 gpt-4@1106-Preview gpt-4@turbo-2024-04-09 gpt-4o text-embedding-3-large text-embedding-3-small text-embedding-ada-002',
    '3/60s 0': 'dall-e-3',
    '1/60s 1000': 'gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4@vision-preview o4-mini',
    '10/60s 1000': 'gpt-4o-mini gpt-5.1',
    '1/60s 6000': 'o1',
    '1/60s 0': 'sora tts tts-hd whisper',
  },
  GlobalStandard: {
    '1/60s 1000':
      'codex-mini gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-5-chat gpt-5-codex gpt-5-mini gpt-5-nano gpt-5.1-codex gpt-5.1-codex-mini gpt-5.3-chat gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro model-router o3 o4-mini',
    '1/10s 1000':
      'gpt-4 gpt-4o-audio-preview gpt-4o-mini-audio-preview gpt-4o@2024-05-13 gpt-4o@2024-11-20 gpt-audio gpt-audio-1.5 gpt-audio-mini@2025-12-15 text-embedding-3-large text-embedding-3-small text-embedding-ada-002',
    '10/60s 1000':
      'gpt-4o-mini gpt-4o@2024-08-06 gpt-5 gpt-5-pro gpt-5.1 gpt-5.1-chat gpt-5.1-codex-max gpt-5.2 gpt-5.2-chat gpt-5.2-codex gpt-5.3-codex gpt-5.4',
    '6/60s 1000': 'gpt-4o-mini-realtime-preview gpt-4o-realtime-preview',
    '100/60s 1000': 'gpt-4o-mini-transcribe gpt-4o-mini-tts gpt-4o-transcribe gpt-4o-transcribe-diarize',
    '10/60s 5000': 'gpt-audio-mini@2025-10-06 gpt-realtime-mini@2025-10-06',
    '3/60s 0': 'gpt-image-1 gpt-image-1-mini',
    '1/60s 0': 'gpt-image-1.5 gpt-image-2 sora sora-2',
    '20/60s 10000': 'gpt-realtime gpt-realtime-1.5',
    '3/60s 10000': 'gpt-realtime-mini@2025-12-15',
    '1/60s 6000': 'o1',
    '1/60s 10000': 'o1-mini o3-mini o3-pro',
  },
  DataZoneStandard: {
    '1/60s 1000':
      'gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-5-mini gpt-5-nano gpt-5.4 gpt-5.4-mini gpt-5.4-nano model-router o3 text-embedding-3-large text-embedding-3-small text-embedding-ada-002',
    '1/10s 1000': 'gpt-4o o4-mini',
    '10/60s 1000': 'gpt-4o-mini gpt-5 gpt-5.1 gpt-5.2 gpt-5.3-codex',
    '1/60s 0': 'gpt-image-1.5',
    '1/60s 6000': 'o1',
    '1/60s 10000': 'o3-mini',
  },
  DeveloperTier: {
    '1/60s 1000': 'gpt-4.1 gpt-4.1-mini gpt-4.1-nano o4-mini',
  },
}

const units = new Map<string, UnitLimits>()
for (const [sku, forms] of Object.entries(listed))
  for (const [form, names] of Object.entries(forms)) {
    const [, count, seconds, tokens] = /^(\d+)\/(\d+)s (\d+)$/.exec(form) ?? []
    const unit = { requests: Number(count), periodMs: Number(seconds) * 1000, tokens: Number(tokens) || undefined }
    for (const name of names.split(' ')) units.set(`${sku} ${canonicalName(name)}`, unit)
  }

/** Of a model that is not listed: a thousand tokens, and requests by the model's ratio. */
export function unitOf({ name, version, requestsPerThousandTokens }: Model, sku: Sku): UnitLimits {
  return (
    units.get(`${sku} ${canonicalName(`${name}@${version}`)}`) ??
    units.get(`${sku} ${canonicalName(name)}`) ?? {
      requests: requestsPerThousandTokens,
      periodMs: 60_000,
      tokens: 1_000,
    }
  )
}
