import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { load } from 'js-yaml'
import { testSimulator } from '../support/simulator.ts'

const example = (name: string) => readFileSync(new URL(`../../examples/monitoring/${name}`, import.meta.url), 'utf8')

type Dashboard = {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { expr: string }[] }[]
}
type Alerts = { readonly groups: readonly { readonly rules: readonly { readonly alert: string; expr: string }[] }[] }

type Workbook = {
  readonly items: readonly {
    readonly name: string
    readonly content: { query?: string; parameters?: { query?: string }[] }
  }[]
}

/** Names of metrics with what asks for them, and labels that are asked for. */
const metricsIn = (expression: string) =>
  [...expression.matchAll(/\b((?:AzureOpenAI|aoai_api_simulator_)\w+)/g)].map(([name]) => name)

it('the dashboard and the alerts ask for metrics that there are', async () => {
  const deployments = {
    limited: { model: 'gpt-4o', requestsPerMinute: 6, tokensPerMinute: 100_000 },
    reserved: { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 15 },
  }
  const simulator = testSimulator({ deployments })
  for (const deployment of ['limited', 'limited', 'reserved'])
    for (const stream of [true, false])
      await simulator
        .request(`/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`, {
          method: 'POST',
          body: JSON.stringify({ stream, messages: [{ role: 'user', content: 'Hello' }] }),
        })
        .then((answer) => answer.text())
  const text = await (await simulator.request('/++/metrics')).text()
  const known = new Set(text.split('\n').map((line) => /^(\w+)[{ ]/.exec(line)?.[1]))
  const dashboard = JSON.parse(example('grafana-dashboard.json')) as Dashboard
  const asked = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const))
  const alerts = (load(example('alerts.yml')) as Alerts).groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => [alert, expr] as const),
  )
  expect(asked.length).toBeGreaterThan(9)
  expect(alerts).toHaveLength(7)
  for (const [what, expression] of [...asked, ...alerts]) {
    const names = metricsIn(expression)
    expect(names.length, what).toBeGreaterThan(0)
    for (const name of names) expect(known, what).toContain(name)
  }
  expect(text).toMatch(/^aoai_api_simulator_requests_in_flight 0$/m)

  const { items } = JSON.parse(example('azure-workbook.json')) as Workbook
  const queries = items.flatMap(({ content: { query, parameters = [] } }) => [
    query,
    ...parameters.map((each) => each.query),
  ])
  const named = queries.flatMap((query) =>
    [...(query ?? '').matchAll(/name == '([^']+)'/g)].map(([, name = '']) => name),
  )
  expect(new Set(named).size).toBeGreaterThan(10)
  const inText = (name: string) => name.replaceAll(/[.-]/g, '_')
  for (const name of named)
    expect(
      [inText(name), `${inText(name)}_total`, `${inText(name)}_count`].some((each) => known.has(each)),
      name,
    ).toBe(true)
  // Dimensions of Azure Monitor that the queries ask for.
  for (const [, dimension = ''] of queries.join('\n').matchAll(/customDimensions\.(\w+)/g))
    expect(text).toContain(`${dimension}="`)
})
