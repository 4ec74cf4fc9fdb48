/** Resources of Azure as `sim.yaml` has them. */
import type { AzureFound } from './azure.ts'

/** With what the settings cannot say as comments. */
export function azureYaml({ accounts, quotas, policies, unknownModels }: AzureFound): readonly string[] {
  const lines: string[] = []
  if (accounts.size > 0) lines.push('resources:')
  const taken = new Set<string>()
  for (const [given, account] of accounts) {
    lines.push(`  ${resourceName(given, taken)}:`)
    if (account.region !== undefined) lines.push(`    region: ${account.region}`)
    if (account.kind === 'OpenAI' || account.kind === 'AIServices')
      lines.push(`    azure: { resourceKind: ${account.kind} }`)
    if (account.keys.length > 0) lines.push(`    apiKeys: [${account.keys.map(quoted).join(', ')}]`)
    if (account.host !== undefined) lines.push(`    hosts: [${account.host}]`)
    const modes = new Set(
      [...account.deployments.values()].map(({ policy }) => policies.get(policy ?? '') ?? 'Default'),
    )
    if (modes.size === 1 && [...modes].every((mode) => /^(?:Asynchronous_filter|Deferred)$/i.test(mode)))
      lines.push('    contentFilter: { mode: asynchronous }')
    if (account.deployments.size > 0) lines.push('    deployments:')
    for (const {
      name,
      model,
      sku,
      capacity,
      limits,
      spillover,
      tier,
      routing,
      policy,
      told,
    } of account.deployments.values()) {
      const mode = policies.get(policy ?? '')
      const filter =
        policy === undefined ? '' : ` # content filter ${policy}${mode === undefined ? '' : `, mode ${mode}`}`
      lines.push(
        `      ${quoted(name)}:${filter}`,
        ...told.map((text) => `        # ${text}`),
        `        model: ${quoted(model)}`,
      )
      if (sku !== undefined) lines.push(`        sku: ${sku}`)
      if (capacity !== undefined) lines.push(`        capacity: ${capacity}`)
      if (limits)
        lines.push(
          `        tokensPerMinute: ${limits.tokensPerMinute}`,
          `        requestsPerMinute: ${limits.requestsPerMinute}`,
        )
      if (tier !== undefined) lines.push(`        serviceTier: ${tier}`)
      if (routing) {
        const parts = [
          ...(routing.mode === undefined ? [] : [`mode: ${quoted(routing.mode)}`]),
          ...(routing.models.length === 0 ? [] : [`models: [${routing.models.map(quoted).join(', ')}]`]),
        ]
        if (parts.length > 0) lines.push(`        routing: { ${parts.join(', ')} }`)
      }
      if (spillover !== undefined) lines.push(`        spilloverDeploymentName: ${quoted(spillover)}`)
    }
  }
  const known = quotas.filter(({ usageName }) => /^(?:OpenAI|AIServices)\.(?!.*(?:AccountCount|MaaS)$)/.test(usageName))
  if (known.length > 0)
    lines.push(
      'quota: # of the subscription, by region and the names of its usages',
      `  ${quoted(onlyRegion(accounts))}:`,
      ...known.map(
        ({ usageName, used, limit }) => `    ${quoted(usageName)}: ${limit}${used > 0 ? ` # ${used} used` : ''}`,
      ),
    )
  if (unknownModels.size > 0) lines.push(`# not in the catalogue of models: ${[...unknownModels].join(', ')}`)
  return lines.length > 0 ? lines : ['# nothing of it is a setting of the simulator']
}

/** A list of usages does not say where they are; of one region alone it is known. */
function onlyRegion(accounts: AzureFound['accounts']): string {
  const [region = '*', ...more] = new Set([...accounts.values()].map((account) => account.region))
  return more.length === 0 ? region : '*'
}

/** A text that YAML might read as something else is quoted. */
const quoted = (text: string): string =>
  /^[A-Za-z][\w.@/-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text)

function resourceName(given: string, taken: Set<string>): string {
  const plain = given
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  const base = plain.length < 2 || plain.toLowerCase() === 'default' ? `resource-${plain}`.replace(/-$/, '') : plain
  let name = base
  for (let more = 2; taken.has(name.toLowerCase()); more++) name = `${base}-${more}`
  taken.add(name.toLowerCase())
  return name
}
