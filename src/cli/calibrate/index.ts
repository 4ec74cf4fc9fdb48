/** `aoai-sim calibrate`: latencies as somebody measured them, as settings. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'
import { type Fit, fitAll } from './fit.ts'
import { plotOf } from './plot.ts'
import { readTimes, MeasuredTimes } from './read.ts'

export function addCalibrate(program: Command, terminal: Terminal): void {
  program
    .command('calibrate <files...>')
    .description(
      'fit latencies to what was measured: our recordings, answers with latency_checkpoint, azure-openai-benchmark, rows of ' +
        'API Management or Application Insights (CSV or JSON), k6 or locust; prints how well, and the settings',
    )
    .option('--plot <file>', 'file for the plot of the measured and the fitted times', 'calibration.svg')
    .option('--deployment <name>', 'write the settings for this deployment (default: for all)')
    .allowExcessArguments(false)
    .action((files: readonly string[], { plot, deployment }: { plot: string; deployment?: string }) => {
      const at = (file: string) => resolve(terminal.cwd ?? '', file)
      const times = new MeasuredTimes()
      for (const file of files)
        if (!readTimes(readFileSync(at(file), 'utf8').replace(/^\uFEFF/, ''), times))
          throw new Error(`${file}: has no times of answers that are known here`)
      const { fits, told } = fitAll(times)
      for (const line of told) terminal.error(line)
      if (fits.length === 0) throw new Error('Too little data: nothing was fitted')
      for (const line of fits.flatMap(tableOf)) terminal.out(line)
      writeFileSync(at(plot), plotOf(fits))
      terminal.out(`# Plot: ${plot}`)
      for (const line of yamlOf(fits, deployment)) terminal.out(line)
    })
}

/** As comments, so that all that is printed can be a file of settings. */
function tableOf({
  name,
  rows,
  samples,
  distance,
  distribution: { median, sigma, share, from, to },
}: Fit): readonly string[] {
  const cell = (value: number) => value.toFixed(1).padStart(10)
  const tail = share === 0 ? 'no tail' : `${share * 100} % are ${from.toFixed(1)} to ${to.toFixed(1)} times as long`
  return [
    `# ${name}: ${samples.length > 0 ? `${samples.length} samples` : 'percentiles alone'}; log-normal, median ${median.toFixed(1)} ms, sigma ${sigma.toFixed(3)}, ${tail}`,
    '#   quantile  measured ms  fitted ms  difference',
    ...rows.map(
      ({ share: below, measured, fitted }) =>
        `#   ${`${below * 100} %`.padStart(8)} ${cell(measured)} ${cell(fitted)}  ${((fitted / measured - 1) * 100).toFixed(1).padStart(8)} %`,
    ),
    ...(distance === undefined ? [] : [`#   greatest difference of shares: ${(distance * 100).toFixed(1)} %`]),
  ]
}

function yamlOf(fits: readonly Fit[], deployment: string | undefined): readonly string[] {
  const ms = (value: number) => `${Math.max(0.001, Math.round(value * 1000) / 1000)}ms`
  const lines = fits.map(({ name, percentiles: { p50, p95, p99 } }) => {
    const last = p99 === undefined ? '' : `, p99: ${ms(Math.max(p99, p95))}`
    return `${name}: { p50: ${ms(p50)}, p95: ${ms(p95)}${last} }`
  })
  // A deployment's latency has to say how long a token takes.
  const isWhole = fits.some(({ name }) => name === 'interToken')
  const all = isWhole || deployment === undefined ? lines : ['profile: measured-2026', ...lines]
  return deployment === undefined
    ? ['latency:', '  chatCompletions:', ...all.map((line) => `    ${line}`)]
    : ['deployments:', `  ${JSON.stringify(deployment)}:`, '    latency:', ...all.map((line) => `      ${line}`)]
}
