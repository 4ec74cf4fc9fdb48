/** Limits that follow from others are shown wherever limits are. */
import { describe, expect, it } from 'vitest'
import { greeting } from '../../src/cli/greeting.ts'
import { loadConfig } from '../../src/host/environment.ts'
import { derivedLimits, describeSettings } from '../../src/sim/index.ts'
import { testSimulator } from '../support/simulator.ts'

const deployments = {
  // 6 requests for each 1000 tokens (Microsoft's quota page, May 2026).
  'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 10_000 },
  both: { model: 'gpt-4o', tokensPerMinute: 10_000, requestsPerMinute: 5 },
  mini: { model: 'gpt-4o-mini', sku: 'GlobalStandard', capacity: 3 },
  free: { model: 'gpt-5' },
}

const settingsOf = async (sim: ReturnType<typeof testSimulator>) =>
  ((await (await sim.request('/++/settings')).json()) as { deployments: Record<string, Record<string, unknown>> })
    .deployments

describe('a derived limit', () => {
  const env = { SIMULATOR_API_KEY: 'k', SIMULATOR_DEPLOYMENTS: '' }

  it('is in what check prints, with what it follows from, and in the first lines', async () => {
    const loaded = loadConfig({ host: 'embedded', flags: {}, cwd: import.meta.dirname, env: { ...env } })
    const sim = testSimulator({ deployments })
    const config = { ...loaded.config, deployments: sim.config().deployments }
    const lines = describeSettings(
      { settings: { ...loaded.settings, deployments } as never, origin: () => new Map() },
      derivedLimits(config),
    )
    expect(lines.map((line) => line.replace(/ {2,}#/, ' #').trim())).toEqual(
      expect.arrayContaining([
        'requestsPerMinute: 60 # derived from tokensPerMinute, 6 for each 1000 of gpt-4o',
        'tokensPerMinute: 3000 # derived from sku and capacity',
        'requestsPerMinute: 30 # derived from sku and capacity',
      ]),
    )
    const first = await greeting({ ...loaded, config }, { url: 'http://127.0.0.1:1', cwd: import.meta.dirname })
    expect(first).toContain(
      '  Deployments: gpt-4o (10000 TPM, 60 RPM derived), both (10000 TPM, 5 RPM), mini (3000 TPM derived, 30 RPM derived), free',
    )
  })

  it('is in the settings, and stays derived where it is sent back as it was shown', async () => {
    const sim = testSimulator({ deployments })
    const shown = await settingsOf(sim)
    expect(shown['gpt-4o']).toEqual({ model: 'gpt-4o', tokensPerMinute: 10_000, requestsPerMinute: 60 })
    expect(shown['mini']).toMatchObject({ tokensPerMinute: 3_000, requestsPerMinute: 30 })
    expect(shown['free']).toEqual({ model: 'gpt-5' })
    const patch = (body: object) =>
      sim.request('/++/settings', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await patch({ deployments: shown })).status).toBe(200)
    await patch({ deployments: { 'gpt-4o': { tokensPerMinute: 20_000 } } })
    expect((await settingsOf(sim))['gpt-4o']).toMatchObject({ tokensPerMinute: 20_000, requestsPerMinute: 120 })
    await patch({ deployments: { 'gpt-4o': { requestsPerMinute: 7 } } })
    expect((await settingsOf(sim))['gpt-4o']).toMatchObject({ requestsPerMinute: 7 })
  })
})
