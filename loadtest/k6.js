// The scenarios of scenarios.json with k6: SCENARIO names one, AOAI_URL, AOAI_KEY and AOAI_DEPLOYMENT say whom to ask.
import { sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Rate } from 'k6/metrics'

const book = JSON.parse(open('./scenarios.json'))
const name = __ENV.SCENARIO || 'steady'
const scenario = book.scenarios[name]
const url = `${__ENV.AOAI_URL}/openai/deployments/${__ENV.AOAI_DEPLOYMENT || 'load'}/chat/completions?api-version=${__ENV.AOAI_API_VERSION || '2024-10-21'}`
// What a user does who is refused.
const on429 = __ENV.ON429 || scenario.on429
// So many times shorter, with as many users.
const shorten = Number(__ENV.SHORTEN || 1)
const maxTries = 6
const words =
  'time year people way day thing world life hand part child eye place work week case point home water room'.split(' ')

export const refused = new Rate('refused_with_429')
export const answerTokens = new Counter('answer_tokens')

export const options = {
  scenarios: {
    [name]: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: scenario.stages.map(({ seconds, users }) => ({
        duration: `${Math.max(1, Math.round(seconds / shorten))}s`,
        target: users,
      })),
    },
  },
  // What the scenario expects is asked of the simulator's report; here only that it was there.
  thresholds: { http_reqs: ['count>0'] },
}

/** Evenly between two of the quantiles. */
function drawn(quantiles) {
  const at = Math.random() * (quantiles.length - 1)
  const low = Math.floor(at)
  return Math.round(quantiles[low] + (quantiles[low + 1] - quantiles[low]) * (at - low))
}

function lengths() {
  const { mix, prompt, answer } = scenario.tokens
  if (!mix) return [prompt, answer]
  return [drawn(book.mixes[mix].promptTokens), Math.max(1, drawn(book.mixes[mix].answerTokens))]
}

export default function ask() {
  const [prompt, answer] = lengths()
  const filling = Array.from(
    { length: Math.max(1, prompt - 30) },
    () => words[Math.floor(Math.random() * words.length)],
  )
  // A question of its own: the verdict can tell who asked again.
  const question = `${exec.vu.idInTest}-${exec.scenario.iterationInTest}-${Math.random()} ${filling.join(' ')}`
  const body = JSON.stringify({
    messages: [{ role: 'user', content: question }],
    max_tokens: answer,
    stream: scenario.stream,
  })
  const headers = { 'api-key': __ENV.AOAI_KEY, 'content-type': 'application/json', 'user-agent': `k6-${name}` }
  for (let tries = 0; tries < maxTries; tries++) {
    const response = http.post(url, body, { headers, tags: { name: 'chat' }, timeout: '600s' })
    refused.add(response.status === 429)
    if (response.status !== 429) {
      // k6 reads a stream as a whole: its waiting time is the one to the first byte.
      if (response.status === 200) answerTokens.add(answer)
      break
    }
    if (on429 === 'go on') break
    sleep(on429 === 'hurry' ? 1 : Number(response.headers['Retry-After-Ms'] || 1000) / 1000)
  }
  const [least, most] = scenario.thinkSeconds
  sleep((least + Math.random() * (most - least)) / Math.min(shorten, 5))
}
