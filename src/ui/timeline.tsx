/** The timeline: where it is, and what moves it on. */
import type { ChangeProps } from './changes.tsx'
import { Alert, Pending } from './pending.tsx'
import { PhaseStrip, type ShownTimeline } from './phase-strip.tsx'
import { usePoll } from './use-poll.ts'

const example = `timeline:
  phases:
    - { name: calm, for: 60s }
    - { name: outage, for: 30s, rules: [{ then: { error: serviceUnavailable } }] }
    - { name: after }`

export function TimelineControls({ api, change }: ChangeProps) {
  const { value: timeline, problem, again } = usePoll<ShownTimeline>(api, '/++/timeline', 2_000)
  const act = async (name: 'start' | 'stop' | 'skip') => {
    await change('POST', `/++/timeline/${name}`)
    again()
  }
  const isRunning = timeline?.state === 'running'
  return (
    <section aria-label="Timeline">
      <h2>Timeline</h2>
      {timeline ? <Alert text={problem} /> : <Pending problem={problem} />}
      {timeline?.state === 'none' && (
        <>
          <p class="note">There is none. It is set where the simulator is started, for example in sim.yaml:</p>
          <pre tabIndex={0} role="region" aria-label="Example of a timeline">
            {example}
          </pre>
        </>
      )}
      {timeline && timeline.state !== 'none' && (
        <>
          <PhaseStrip timeline={timeline} />
          <p class="buttons">
            <button type="button" onClick={() => void act('start')}>
              {isRunning ? 'Start again' : 'Start'}
            </button>
            <button type="button" class="quiet" disabled={!isRunning} onClick={() => void act('skip')}>
              Skip to the next phase
            </button>
            <button type="button" class="quiet" disabled={!isRunning} onClick={() => void act('stop')}>
              Stop
            </button>
          </p>
        </>
      )}
    </section>
  )
}
