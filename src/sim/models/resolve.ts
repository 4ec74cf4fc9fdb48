import type { Model } from '../types.ts'
import { canonicalName, findModel } from './catalogue.ts'

/**
 * The model that a deployment nobody configured most likely runs, from its name: a model's own name, or the longest
 * one among its words (`my-gpt-4o-mini-prod`). `undefined` where it names none: an operation has a default of its own.
 */
export function resolveModel(deploymentName: string): Model | undefined {
  const name = canonicalName(deploymentName)
  if (bareNames.has(name)) return undefined
  const exact = findModel(deploymentName)
  if (exact || deploymentName.length > longestNameCharacters) return exact
  const words = wordsOf(name)
  let best: Model | undefined
  let bestCharacters = 0
  for (const [at, first] of words.entries()) {
    for (const last of words.slice(at)) {
      const characters = last.end - first.start
      if (characters <= bestCharacters) continue
      const part = name.slice(first.start, last.end)
      const model = bareNames.has(part) ? undefined : findModel(part)
      if (!model) continue
      best = model
      bestCharacters = characters
    }
  }
  return best
}

/** Models of GPT-3 by names that are words: a deployment called `ada` embeds, most likely. */
const bareNames = new Set(['ada', 'babbage', 'curie', 'davinci'])

/** The service allows a deployment 64; the search is quadratic in the words. */
const longestNameCharacters = 64

type Word = { readonly start: number; readonly end: number }

/** A full stop between digits belongs to a version (`gpt-4.1`); anything else that is no letter or digit parts words. */
const wordsOf = (name: string): Word[] =>
  Array.from(name.matchAll(/(?:[\p{L}\p{N}]|(?<=\d)\.(?=\d))+/gu), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
