/**
 * How many tokens a picture within a message is, by the published formulas. Checked against one recording: 640 x 480
 * on gpt-4o.
 */
import type { Model } from '../types.ts'
import { dataUrlSize, type ImageSize } from './image-size.ts'

export type Image = {
  readonly url: string
  /** `auto`, `low`, `high`, or `original` on gpt-5.4 and later. */
  readonly detail?: unknown
  /** Pixels to take where they cannot be told: nothing is fetched. */
  readonly unseen?: ImageSize | undefined
}

export function imageTokens({ url, detail, unseen = usual }: Image, model: Model): number {
  const scheme = schemeOf(model.name)
  const wanted = typeof detail === 'string' ? detail : 'auto'
  if ('tile' in scheme && wanted === 'low') return scheme.base
  const size = dataUrlSize(url) ?? unseen
  if ('tile' in scheme) return scheme.base + scheme.tile * tiles(size)
  return Math.ceil(patches(size, budget(wanted, scheme)) * scheme.multiplier)
}

/** A guess at what people link to. */
const usual: ImageSize = { width: 1024, height: 1024 }

type Tiles = { readonly base: number; readonly tile: number }
/** `hasOriginal`: a request may ask for larger pictures, `high` or `original`. */
type Patches = { readonly multiplier: number; readonly hasOriginal: boolean }

/** The first that fits counts. What no rule names is as gpt-4o. All but gpt-4o's figures are remembered. */
const schemes: readonly (readonly [RegExp, Tiles | Patches])[] = [
  [/^gpt-4o-mini/, { base: 2_833, tile: 5_667 }],
  [/^gpt-4\.1-mini|^gpt-5-mini/, { multiplier: 1.62, hasOriginal: false }],
  [/^gpt-4\.1-nano|^gpt-5-nano/, { multiplier: 2.46, hasOriginal: false }],
  [/^o4-mini/, { multiplier: 1.72, hasOriginal: false }],
  [/^gpt-5\.\d-mini/, { multiplier: 1.62, hasOriginal: true }],
  [/^gpt-5\.\d-nano/, { multiplier: 2.46, hasOriginal: true }],
  // That later models count patches as they are is a guess.
  [/^gpt-5\.[23]/, { multiplier: 1, hasOriginal: false }],
  [/^gpt-5\.[4-9]|^gpt-[6-9]|^gpt-chat/, { multiplier: 1, hasOriginal: true }],
  [/^gpt-5/, { base: 70, tile: 140 }],
  [/^o\d/, { base: 75, tile: 150 }],
  [/^computer-use/, { base: 65, tile: 129 }],
]
const otherScheme: Tiles = { base: 85, tile: 170 }

const schemeOf = (name: string) => schemes.find(([names]) => names.test(name))?.[1] ?? otherScheme

/** Squares of 512 pixels, after the picture was made to fit 2,048 each way and 768 the shorter. It never grows. */
function tiles({ width, height }: ImageSize): number {
  const toFit = Math.min(1, 2_048 / Math.max(width, height))
  const toShrink = Math.min(1, 768 / (Math.min(width, height) * toFit))
  const scale = toFit * toShrink
  return cells(width * scale, 512) * cells(height * scale, 512)
}

/** Squares of 32 pixels; a picture of more than `most` is shrunk until whole squares of it fit. */
function patches({ width, height }: ImageSize, max: number): number {
  const all = cells(width, 32) * cells(height, 32)
  if (all <= max) return all
  const toFit = Math.sqrt((32 * 32 * max) / (width * height))
  const across = (width * toFit) / 32
  const down = (height * toFit) / 32
  // A strip thinner than a square is a square wide.
  const toWhole = Math.min(Math.max(1, Math.floor(across)) / across, Math.max(1, Math.floor(down)) / down)
  return Math.min(max, cells(across * toWhole, 1) * cells(down * toWhole, 1))
}

function budget(detail: string, { hasOriginal }: Patches): number {
  // The upstream API shrinks a picture of low detail to 512 pixels each way; that this is so here is a guess.
  if (detail === 'low') return 256
  if (hasOriginal && detail === 'original') return 10_000
  return hasOriginal && detail === 'high' ? 2_500 : 1_536
}

/** Rounded up, but for what only the arithmetic of fractions adds. */
export const cells = (length: number, size: number) => Math.max(1, Math.ceil(length / size - 1e-9))
