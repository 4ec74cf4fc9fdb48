/** One request: its times as bars, what decided its answer, and a command that asks again. */
import type { Entry } from '../sim/metrics/journal-entry.ts'
import { duration } from './format.ts'
import { Command } from './command.tsx'

export function RequestDetail({ entry, close }: { readonly entry: Entry; readonly close: () => void }) {
  const { plannedMs, firstByteMs, totalMs } = entry.timing
  const steps = [
    { name: 'Answer made', fromMs: 0, toMs: plannedMs },
    { name: 'To the first byte', fromMs: plannedMs, toMs: Math.max(plannedMs, firstByteMs) },
    { name: 'To the end', fromMs: firstByteMs, toMs: totalMs },
  ]
  return (
    <section class="detail" aria-label="Request">
      <h2>
        {entry.method} <code>{entry.path}</code>
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </h2>
      <svg
        viewBox="0 0 100 15"
        preserveAspectRatio="none"
        class="waterfall"
        role="img"
        aria-label={steps.map(({ name, fromMs, toMs }) => `${name}: ${duration(toMs - fromMs)}`).join(', ')}
      >
        {steps.map(({ name, fromMs, toMs }, at) => (
          <rect
            key={name}
            class={`step${at}`}
            x={share(fromMs, totalMs)}
            width={Math.max(0.4, share(toMs - fromMs, totalMs))}
            y={at * 5 + 0.5}
            height={4}
          />
        ))}
      </svg>
      <dl class="facts">
        {steps.map(({ name, fromMs, toMs }, at) => (
          <div key={name}>
            <dt>
              <i class={`swatch step${at}`} />
              {name}
            </dt>
            <dd>{duration(toMs - fromMs)}</dd>
          </div>
        ))}
        {facts(entry).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Command
        text={`curl "$AZURE_OPENAI_ENDPOINT${entry.path}" -X ${entry.method} -H "api-key: $AZURE_OPENAI_API_KEY" -H "content-type: application/json" -d @body.json`}
      />
    </section>
  )
}

const share = (ms: number, ofMs: number) => (ofMs > 0 ? (100 * ms) / ofMs : 0)

function facts(entry: Entry): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['Status', String(entry.status)],
    ['Why', entry.why],
    ['Error', entry.error && [entry.error.code, entry.error.message].filter(Boolean).join(': ')],
    ['Limiter', entry.limiter],
    ['Deployment', entry.deployment],
    ['Model', entry.model],
    ['Tokens', entry.tokens && `${entry.tokens.prompt} in the prompt, ${entry.tokens.completion} in the answer`],
    ['Recording', entry.recording],
    ['Request id', entry.id],
    ["Client's request id", entry.clientId],
    ['Client', entry.client?.['user-agent']],
    ['Connection', entry.connection?.toString()],
    ['Attempt', entry.attempt?.toString()],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined)
}
