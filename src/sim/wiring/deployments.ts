/** From the deployments that are configured, and those that nobody configured, to what a call works with. */
import { Memo } from '../base/memo.ts'
import type { Config, DeploymentConfig } from '../config/config.ts'
import { canonicalName, findModel } from '../models/catalogue.ts'
import { provisioningOf } from '../models/provisioned.ts'
import { resolveModel } from '../models/resolve.ts'
import { isProvisioned } from '../models/sku.ts'
import { unitOf } from '../models/units.ts'
import type { FindDeployment } from '../operation.ts'
import type { Deployment, Model, ModelKind } from '../types.ts'

/** Of a deployment that nobody configured and whose name is no model's, where no operation says which it takes. */
const usualModel = 'gpt-4.1-mini'

/** The service makes no deployment with a longer name. */
const maxNameCharacters = 64

/** The most names of deployments that nobody configured whose model is remembered. */
const rememberedDeployments = 1000

export function deploymentFinder(config: Config): FindDeployment {
  const configured = new Map<string, Deployment>()
  /** Made when it is first asked for: there may be thousands. */
  const ofConfig = (name: string): Deployment | undefined => {
    const deployment = Object.hasOwn(config.deployments, name) ? config.deployments[name] : undefined
    const model = deployment && modelOf(name, deployment.model)
    if (!model) return undefined
    const { algorithm = config.limits.algorithm, charge = config.limits.charge } = deployment.limits ?? {}
    const limits = { algorithm, charge }
    const requestsAtOnce = isOfFewCalls(model)
    const made = { requestsAtOnce, ...deployment, name, model, limits, ...givenTo(deployment, model, config) }
    configured.set(name, made)
    return made
  }
  const byDefault = new Memo<string, Memo<string, Deployment>>(rememberedDeployments)
  return (name, defaultModel = usualModel) => {
    const known = configured.get(name) ?? ofConfig(name)
    if (known || !config.allowUndefinedDeployments || name.length > maxNameCharacters) return known
    const undefinedOnes = byDefault.of(defaultModel, () => new Memo(rememberedDeployments))
    const remembered = undefinedOnes.get(name)
    if (remembered) return remembered
    const model = resolveModel(name) ?? findModel(defaultModel)
    if (model === undefined) return undefined
    const { tokensPerMinute, requestsPerMinute } = config.undefinedDeployments
    const requestsAtOnce = isOfFewCalls(model)
    const made: Deployment = { ...unset, name, model, tokensPerMinute, requestsPerMinute, requestsAtOnce }
    undefinedOnes.set(name, made)
    return made
  }
}

/** A model without a version has the one that the deployment's name says, if any: `gpt-4-0613`. */
function modelOf(deployment: string, name: string): Model | undefined {
  const model = findModel(name)
  if (!model || canonicalName(name) !== canonicalName(model.name)) return model
  const named = findModel(deployment)
  return named?.name === model.name ? named : model
}

const unset = { dimensions: undefined, latency: undefined }

/** What the capacity of a deployment comes to, where limits are not set as well. */
function givenTo(deployment: DeploymentConfig, model: Model, { provisioned }: Config): Partial<Deployment> {
  const { sku, capacity, tokensPerMinute, requestsPerMinute } = deployment
  if (sku === undefined || capacity === undefined) return {}
  const provisioning = isProvisioned(sku) ? provisioningOf(model) : undefined
  if (provisioning) {
    const { outputRatio, cachedRatio, maxPromptTokens } = provisioning
    const { burstMs, estimatedOutputTokens } = provisioned
    const inputTokensPerMinute = capacity * provisioning.inputTokensPerMinute
    const throughput = {
      inputTokensPerMinute,
      outputRatio,
      cachedRatio,
      maxPromptTokens,
      burstMs,
      estimatedOutputTokens,
    }
    return { throughput }
  }
  if (tokensPerMinute !== undefined || requestsPerMinute !== undefined || sku.endsWith('Batch')) return {}
  const { requests, tokens, periodMs } = unitOf(model, sku)
  return {
    tokensPerMinute: tokens === undefined ? undefined : capacity * tokens,
    requestsPerMinute: Math.max(1, Math.ceil((capacity * requests * minuteMs) / periodMs - 1e-9)),
    requestsAtOnce: periodMs === minuteMs,
    requestsPeriodMs: periodMs,
  }
}

const minuteMs = 60_000

/** Pictures and sound: the few calls of a minute may come at once (recorded March 2024). */
const isOfFewCalls = ({ kinds }: Model): boolean => kinds.every((kind) => ofFewCalls.has(kind))
const ofFewCalls: ReadonlySet<ModelKind> = new Set(['image', 'video', 'transcription', 'translation', 'speech'])
