/** Looks through a batch's input before any of it is answered: one bad line fails the whole batch. */
import type { LiveResource } from '../../operation.ts'
import { endpointOf, isLineError, type LineError, readTask, type Task } from './lines.ts'
import { linesOf } from '../../kept/lines.ts'
import { workSlices } from '../../base/work-slices.ts'

/** Documented. */
const maxTasks = 100_000
/** So that a file of nothing but mistakes does not become a list of the same length. */
const maxErrors = 100

export type Checked = { readonly total: number; readonly errors: readonly LineError[] }

/** Codes as documented; their messages are about what the documentation says of them. */
export async function checkInput(
  input: Uint8Array,
  endpoint: string,
  resource: LiveResource,
  signal: AbortSignal,
): Promise<Checked> {
  const slices = resource.shelf(workSlices)
  const ids = new Set<string>()
  const errors: LineError[] = []
  let total = 0
  let model: string | undefined
  let slice = await slices.next(0, signal)

  const problemOf = (task: Task): Omit<LineError, 'line'> | undefined => {
    if (endpointOf(task.url) !== endpoint)
      return {
        code: 'url_mismatch',
        message: `The URL of this request, '${task.url}', does not match the endpoint of the batch.`,
        param: 'url',
      }
    if (ids.has(task.customId))
      return {
        code: 'duplicate_custom_id',
        message: `The custom ID of this request, '${task.customId}', is a duplicate of another request's.`,
        param: 'custom_id',
      }
    if (model !== undefined && task.model !== model)
      return {
        code: 'model_mismatch',
        message: `The deployment of this request, '${task.model}', does not match that of the rest of the file.`,
        param: 'body.model',
      }
    // All requests are for the one deployment.
    if (model === undefined && resource.findDeployment(task.model) === undefined)
      return {
        code: 'model_not_found',
        message: `The deployment '${task.model}' was not found.`,
        param: 'body.model',
      }
    return undefined
  }

  for (const line of linesOf(input)) {
    if (slice.isOver()) slice = await slices.next(0, signal)
    if (signal.aborted || errors.length >= maxErrors) break
    total++
    if (total > maxTasks) {
      const message = `The number of requests in the input file exceeds the most that are allowed, ${maxTasks}.`
      return { total, errors: [{ code: 'too_many_tasks', message, param: null, line: null }] }
    }
    const task = readTask(line)
    const problem = isLineError(task) ? task : problemOf(task)
    if (problem) errors.push({ ...problem, line: line.number })
    if (isLineError(task)) continue
    ids.add(task.customId)
    model ??= task.model
  }
  if (total === 0) {
    const message = 'The input file has no request.'
    return { total, errors: [{ code: 'empty_file', message, param: null, line: null }] }
  }
  return { total, errors }
}
