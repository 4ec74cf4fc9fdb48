/** What a subscription may deploy, by region and by the names of its usages: more than that is refused as Azure does. */
import * as z from 'zod'
import { whole } from './forms.ts'
import type { Problem } from './problem.ts'
import type { Path, Tree } from './tree.ts'
import { isTree, valueAt } from './tree.ts'

const anyRegion = '*'

export const quotaSetting = () =>
  z
    .record(z.string(), z.record(z.string(), whole(0), { error: 'limits by the names of usages' }), {
      error: 'limits by region, then by the names of usages',
    })
    .meta({
      description:
        'Capacity that the subscription has, by region (`*` is any) and usage, as OpenAI.GlobalStandard.gpt-4.1 or ' +
        'OpenAI.GlobalProvisionedManaged: deployments of all resources there may not have more together.',
      default: {},
    })

type Used = { readonly path: Path; readonly region: string; readonly usage: string; readonly capacity: number }

/** In the order in which they stand: told of the first that there is no more room for. */
export function quotaProblems(settings: Tree, told: (path: Path) => string): readonly Problem[] {
  const quota = settings['quota']
  if (!isTree(quota) || Object.keys(quota).length === 0) return []
  const used = [...deploymentsIn(settings)]
  return Object.entries(quota).flatMap(([region, limits]) =>
    Object.entries(isTree(limits) ? limits : {}).flatMap(([usage, limit]) => {
      const place = codeOf(region)
      const theirs = used.filter(
        (each) => isOf(each.usage, codeOf(usage)) && (region === anyRegion || each.region === place),
      )
      return typeof limit === 'number' ? overdrawn(theirs, usage, limit, told) : []
    }),
  )
}

/** In Azure's words (quoted by users, March 2025). */
function overdrawn(
  used: readonly Used[],
  usage: string,
  limit: number,
  told: (path: Path) => string,
): readonly Problem[] {
  let sum = 0
  for (const { path, capacity } of used) {
    if (sum + capacity > limit)
      return [
        {
          path,
          setting: told(path),
          message:
            `InsufficientQuota: This operation require ${capacity} new capacity in quota ${usage}, which is bigger than the current ` +
            `available capacity ${limit - sum}. The current quota usage is ${sum} and the quota limit is ${limit} for quota ${usage}.`,
        },
      ]
    sum += capacity
  }
  return []
}

function* deploymentsIn(settings: Tree): Generator<Used> {
  const topRegion = valueAt(settings, ['azure', 'region'])
  yield* usedBy(settings['deployments'], ['deployments'], topRegion)
  const { resources } = settings
  for (const [name, resource] of Object.entries(isTree(resources) ? resources : {})) {
    const region = valueAt(resource, ['region']) ?? valueAt(resource, ['azure', 'region']) ?? topRegion
    yield* usedBy(valueAt(resource, ['deployments']), ['resources', name, 'deployments'], region)
  }
}

function* usedBy(deployments: unknown, at: Path, region: unknown): Generator<Used> {
  for (const [name, deployment] of Object.entries(isTree(deployments) ? deployments : {})) {
    const { sku, capacity, model } = isTree(deployment) ? deployment : {}
    if (typeof sku !== 'string' || typeof capacity !== 'number' || typeof model !== 'string') continue
    // Provisioned units are no model's.
    const usage = sku.includes('Provisioned') ? `OpenAI.${sku}` : `OpenAI.${sku}.${usageModel(model, sku)}`
    yield { path: [...at, name, 'capacity'], region: codeOf(region), usage: codeOf(usage), capacity }
  }
}

/** What a usage calls a model, where not by its name (recorded April 2026). A name alone means its newest version. */
function usageModel(model: string, sku: string): string {
  const [name = '', version = 'turbo-2024-04-09'] = model.toLowerCase().split('@')
  if (name === 'dall-e-3') return 'dalle'
  if (name === 'gpt-35-turbo-16k') return 'gpt-35-turbo'
  if (name !== 'gpt-4' || /^0[36]/.test(version)) return name
  if (version === 'vision-preview') return 'gptv'
  return sku === 'GlobalStandard' ? 'gpt-4-turbo-2024-0409' : 'gpt-4-turbo'
}

/** Models of other makers have theirs under another name; provisioned units have one for each. */
const isOf = (used: string, usage: string): boolean =>
  used === usage || (!used.includes('provisioned') && used.replace('openai', 'aiservices') === usage)

/** `gpt4.1` and `gpt-4.1`, `East US 2` and `eastus2` are the same. */
const codeOf = (name: unknown): string => (typeof name === 'string' ? name.toLowerCase().replace(/[ .-]/g, '') : '')
