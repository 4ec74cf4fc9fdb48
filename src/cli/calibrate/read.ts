/** Times of answers in files of other tools: what a file is, its content says. */
import { load } from 'js-yaml'
import { isTree } from '../../sim/index.ts'

/** Percentiles that somebody else worked out. */
export type Summary = { readonly p50: number; readonly p95: number; readonly p99?: number | undefined }

/** In milliseconds. */
export class MeasuredTimes {
  readonly firstMs: number[] = []
  readonly betweenMs: number[] = []
  readonly whole: { readonly ms: number; readonly tokens: number | undefined }[] = []
  readonly summaries: { first?: Summary; between?: Summary } = {}

  get count(): number {
    return this.firstMs.length + this.whole.length
  }
}

/** Whether there was a time in it. */
export function readTimes(text: string, times: MeasuredTimes): boolean {
  const before = JSON.stringify([times.firstMs.length, times.betweenMs.length, times.whole.length, times.summaries])
  for (const document of documentsIn(text)) {
    if (Array.isArray(document) && document.every(isTree) && isTable(document)) rows(document, times)
    else walk(document, times, 0)
  }
  return before !== JSON.stringify([times.firstMs.length, times.betweenMs.length, times.whole.length, times.summaries])
}

/** One JSON, one a line (also behind a log's own words), YAML, or a table with a line of names. */
function documentsIn(text: string): readonly unknown[] {
  const whole = parsed(text)
  if (whole !== undefined) return [whole]
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const objects = lines.map((line) => (line.includes('{') ? parsed(line.slice(line.indexOf('{'))) : undefined))
  const found = objects.filter((value) => value !== undefined)
  if (found.length > 0 && found.length >= lines.length / 2)
    return found.every(isTree) && isTable(found) ? [found] : found
  const told = lines.map(toldOf).filter((value) => value !== undefined)
  if (told.length > 0) return told
  const separator = separatorOf(lines[0] ?? '')
  const [names, ...others] = lines.map((line) => cells(line, separator))
  const isTabular = names && others.length > 0 && others.every((row) => row.length === names.length)
  const isNamed = names && (names.length > 1 || isTable([Object.fromEntries(names.map((name) => [name, '1']))]))
  if (isTabular && isNamed) return [others.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))]
  try {
    return [load(text)]
  } catch {
    return []
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Of the line of names: a comma, or what spreadsheets of other countries and databases write in its place. */
const separatorOf = (names: string): string =>
  [',', ';', '\t', '|'].reduce((most, each) => (names.split(each).length > names.split(most).length ? each : most))

function cells(line: string, separator: string): string[] {
  const found: string[] = []
  let cell = ''
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    if (character === separator && !isQuoted) {
      found.push(cell)
      cell = ''
    } else cell += character
  }
  return [...found, cell].map((each) => {
    const plain = each.trim()
    return plain.startsWith('"') ? plain.slice(1, plain.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : plain
  })
}

/** A line of azure-openai-benchmark as it prints it to people: the same as its JSON has. */
function toldOf(line: string): Row | undefined {
  const values: Record<string, number> = {}
  for (const [, name = '', value] of line.matchAll(/\b((?:ttft|tbt)_(?:avg|95th)): +([\d.]+)/g))
    values[name] = Number(value)
  const of = (name: string) => ({ avg: values[`${name}_avg`], '95th': values[`${name}_95th`] })
  return values['ttft_95th'] === undefined ? undefined : { ttft: of('ttft'), tbt: of('tbt') }
}

type Row = Readonly<Record<string, unknown>>

const firstNames = ['timetofirsttokenms', 'timetofirsttoken', 'ttftms', 'ttft', 'timetoresponse']
const wholeNames = ['backendtime', 'durationms', 'totaltime', 'duration', 'elapsed', 'responsetime', 'requestduration']
const tokenNames = ['completiontokens', 'outputtokens', 'generatedtokens']
const betweenNames = ['timebetweentokensms', 'timebetweentokens', 'tbtms', 'tbt', 'itl', 'intertokenlatency']

const statusNames = ['responsecode', 'resultcode', 'statuscode', 'backendresponsecode', 'status']

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9%]/g, '')
const valueOf = (row: Row, names: readonly string[]): number | undefined => {
  for (const wanted of names)
    for (const [name, value] of Object.entries(row)) if (plain(name) === wanted) return numberOf(value)
  return undefined
}

function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

const isTable = (list: readonly Row[]): boolean =>
  list.length > 0 &&
  list.some((row) => valueOf(row, [...firstNames, ...wholeNames]) !== undefined || '50%' in row || '95%' in row)

/** Exported rows of API Management and Application Insights, and locust's table. */
function rows(list: readonly Row[], times: MeasuredTimes): void {
  const total = list.find((row) => Object.values(row).includes('Aggregated')) ?? list.at(-1)
  if (total && numberOf(total['50%']) !== undefined && numberOf(total['95%']) !== undefined) {
    const [p50 = 0, p95 = 0, p99] = [numberOf(total['50%']), numberOf(total['95%']), numberOf(total['99%'])]
    times.summaries.first = { p50, p95, p99 }
    return
  }
  for (const given of list) {
    const row = withDimensions(given)
    if (isFailed(valueOf(row, statusNames))) continue
    const first = valueOf(row, firstNames)
    const between = valueOf(row, betweenNames)
    const ms = valueOf(row, wholeNames)
    if (first !== undefined) times.firstMs.push(first)
    else if (ms !== undefined) times.whole.push({ ms, tokens: valueOf(row, tokenNames) })
    if (between !== undefined) times.betweenMs.push(between)
  }
}

/** What was refused took no time to answer. */
const isFailed = (status: number | undefined): boolean => status !== undefined && status >= 300 && status <= 599

/** Application Insights keeps what an application adds as JSON in a column. */
function withDimensions(row: Row): Row {
  const added = Object.entries(row).flatMap(([name, value]) => {
    if (!/^(?:custom(?:dimensions|measurements)|properties|measurements)$/.test(plain(name))) return []
    const inside = typeof value === 'string' ? parsed(value) : value
    return isTree(inside) ? Object.entries(inside) : []
  })
  return added.length === 0 ? row : { ...Object.fromEntries(added), ...row }
}

/** As queries of Log Analytics and Application Insights answer: names beside rows without them. */
function tableOf({ columns, rows: list }: Row): readonly Row[] | undefined {
  if (!Array.isArray(columns) || !Array.isArray(list) || !list.every(Array.isArray)) return undefined
  const names = columns.map((column: unknown) => String(isTree(column) ? column['name'] : column))
  return (list as unknown[][]).map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))
}

const maxDepth = 30

function walk(value: unknown, times: MeasuredTimes, depth: number): void {
  if (depth > maxDepth) return
  if (typeof value === 'string') {
    if (!value.includes('latency_checkpoint')) return
    for (const line of value.split(/\r?\n/)) {
      const json = line.includes('{') ? parsed(line.slice(line.indexOf('{'))) : undefined
      if (json !== undefined) walk(json, times, depth + 1)
    }
  } else if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isTree) && isTable(value.map(withDimensions))) rows(value, times)
    else for (const each of value) walk(each, times, depth + 1)
  } else if (isTree(value)) {
    const table = tableOf(value)
    if (table) rows(table, times)
    else object(value, times, depth)
  }
}

function object(value: Row, times: MeasuredTimes, depth: number): void {
  const at = value['latency_checkpoint']
  if (isTree(at)) {
    const [first, between] = [numberOf(at['service_ttft_ms']), numberOf(at['service_tbt_ms'])]
    if (first !== undefined) times.firstMs.push(first)
    if (between !== undefined && between > 0) times.betweenMs.push(between)
  }
  if (isSummary(value)) {
    summary(value, times)
    return
  }
  if (value['type'] === 'Point') {
    point(value, times)
    return
  }
  if (isTree(value['metrics'])) {
    metrics(value['metrics'], times)
    return
  }
  if (isRecorded(value)) {
    recorded(value, times)
    return
  }
  for (const each of Object.values(value)) walk(each, times, depth + 1)
}

/** azure-openai-benchmark: seconds, as averages and 95th percentiles of its window. */
const isSummary = (value: Row): boolean => isTree(value['ttft']) && value['ttft']['95th'] !== undefined

function summary({ ttft, tbt }: Row, { summaries }: MeasuredTimes): void {
  const of = (window: unknown): Summary | undefined => {
    const [mean, p95] = isTree(window) ? [numberOf(window['avg']), numberOf(window['95th'])] : []
    return mean && p95 ? { p50: medianOf(mean * 1000, p95 * 1000), p95: p95 * 1000 } : undefined
  }
  const [first, between] = [of(ttft), of(tbt)]
  if (first) summaries.first = first
  if (between) summaries.between = between
}

/** Of a log-normal distribution with that mean and 95th percentile. */
function medianOf(mean: number, p95: number): number {
  const z = 1.6448536
  const root = z ** 2 - 2 * Math.log(Math.max(1, p95 / mean))
  const sigma = z - Math.sqrt(Math.max(0, root))
  return mean * Math.exp(-(sigma ** 2) / 2)
}

/** k6, point by point. */
function point({ metric, data }: Row, times: MeasuredTimes): void {
  const tags = isTree(data) ? data['tags'] : undefined
  if (isTree(tags) && isFailed(numberOf(tags['status']))) return
  const ms = isTree(data) ? numberOf(data['value']) : undefined
  if (ms !== undefined && metric === 'http_req_waiting') times.firstMs.push(ms)
}

/** k6, at its end. */
function metrics(found: Row, { summaries }: MeasuredTimes): void {
  const waiting = found['http_req_waiting'] ?? found['http_req_duration']
  const values = isTree(waiting) && isTree(waiting['values']) ? waiting['values'] : waiting
  if (!isTree(values)) return
  const [p50, p95, p99] = [numberOf(values['med']), numberOf(values['p(95)']), numberOf(values['p(99)'])]
  if (p50 !== undefined && p95 !== undefined) summaries.first = { p50, p95, p99 }
}

/** A recording of ours: its events with their times. */
const isRecorded = (value: Row): boolean =>
  isTree(value['response']) && (value['durationMs'] !== undefined || value['duration'] !== undefined)

function recorded(value: Row, times: MeasuredTimes): void {
  const response = value['response'] as Row
  const body = isTree(response['body']) ? response['body'] : response
  const events = Array.isArray(response['events'])
    ? response['events']
    : Array.isArray(body['events'])
      ? body['events']
      : []
  const before = times.firstMs.length
  walk(response, times, 1)
  if (times.firstMs.length > before) return
  let sumMs = 0
  const at = events
    .filter(isTree)
    .map((event) => ({ ms: (sumMs += msOf(event['afterMs']) ?? 0), isText: hasText(event['data']) }))
  const known = at
    .slice(
      Math.max(
        0,
        at.findIndex(({ isText }) => isText),
      ),
    )
    .map(({ ms }) => ms)
  const [first] = known
  if (first === undefined) {
    const ms = msOf(value['durationMs'] ?? value['duration'])
    if (ms !== undefined) times.whole.push({ ms, tokens: undefined })
    return
  }
  times.firstMs.push(first)
  const last = known.at(-1) ?? first
  if (known.length > 2) times.betweenMs.push((last - first) / (known.length - 1))
}

/** The first piece of an answer that a client sees. */
function hasText(data: unknown): boolean {
  const value = typeof data === 'string' ? parsed(data) : data
  if (!isTree(value)) return false
  const [choice] = Array.isArray(value['choices']) ? (value['choices'] as unknown[]) : []
  const delta = isTree(choice) ? choice['delta'] : value['delta']
  const text = isTree(delta) ? delta['content'] : delta
  return typeof text === 'string' && text !== ''
}

function msOf(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(value) : null
  return parts ? Number(parts[1]) * (parts[2] === 's' ? 1000 : 1) : numberOf(value)
}
