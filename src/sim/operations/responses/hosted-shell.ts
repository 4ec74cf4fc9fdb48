/** Shell commands: run in a container of the service, or by the client, which sends their output. */
import { isObject } from '../../base/object.ts'
import { containers } from '../../kept/containers.ts'
import { countTokens } from '../../models/tokenizer.ts'
import { base62Text } from '../../random.ts'
import { containerOf, isDoneInTurn } from './hosted-container.ts'
import { type HostedCall, tokensAroundCall, tokenSized, type ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

type Output = {
  readonly stdout: string
  readonly stderr: string
  readonly outcome: { readonly type: 'exit'; readonly exit_code: number } | { readonly type: 'timeout' }
}

type Run = { readonly commands: readonly string[]; readonly outputs: readonly Output[] }

/** `undefined` when it is time for the text. */
export function shellCall(use: ToolUse): HostedCall | undefined {
  const { tool, items, newId, random, model, resource } = use
  if (isDoneInTurn(items, 'shell_call')) return undefined
  const environment = isObject(tool['environment']) ? tool['environment'] : undefined
  const isLocal = environment === undefined || environment['type'] === 'local'
  const containerId = isLocal
    ? undefined
    : containerOf(environment['type'] === 'container_reference' ? environment['container_id'] : environment, resource)
  const files =
    containerId === undefined ? [] : [...(resource.shelf(containers).get(containerId)?.files.values() ?? [])]
  const run = runOf(use, containerId === undefined ? undefined : files.map(({ path }) => path.replace(/^.*\//, '')))
  const callId = `call_${base62Text(random, 24)}`
  const place = isLocal ? environment && { type: 'local' } : { type: 'container_reference', container_id: containerId }
  const call = callItem(newId('sh'), { callId, run, place: place ?? null })
  const writtenTokens = run.commands.reduce(
    (sum, command) => sum + countTokens(command, model.encoding),
    tokensAroundCall,
  )
  if (isLocal) return { item: call, writtenTokens, waitTokens: 0, endsTurn: true }
  const told = run.outputs.map(({ stdout, stderr }) => stdout + stderr).join('')
  const readTokens = writtenTokens + countTokens(told, model.encoding)
  return { item: call, further: [outputItem(newId('sho'), callId, run)], writtenTokens, readTokens, waitTokens }
}

/** About a second: a guess. */
const waitTokens = 50

/** What a rule says; otherwise a harmless command, and in a container also its true output. */
function runOf({ ruled, random }: ToolUse, files: readonly string[] | undefined): Run {
  const rule = ruled?.shell
  if (rule) {
    const { commands, stdout = '', stderr = '', exitCode = 0, timesOut } = rule
    const outcome = timesOut ? ({ type: 'timeout' } as const) : ({ type: 'exit', exit_code: exitCode } as const)
    return { commands, outputs: commands.map(() => ({ stdout, stderr, outcome })) }
  }
  if (files === undefined) return { commands: ['ls'], outputs: [] }
  const last = 10 + random.below(90)
  const sum = `seq ${last} | paste -sd+ | bc`
  const outcome = { type: 'exit', exit_code: 0 } as const
  if (files.length === 0)
    return { commands: [sum], outputs: [{ stdout: `${(last * (last + 1)) / 2}\n`, stderr: '', outcome }] }
  const stdout = files.toSorted().map((name) => `${name}\n`)
  return { commands: ['ls -1 /mnt/data'], outputs: [{ stdout: stdout.join(''), stderr: '', outcome }] }
}

type Call = { readonly callId: string; readonly run: Run; readonly place: object | null }

/** Shapes and events are those of the official SDK's types (2026). */
function callItem(id: string, { callId, run: { commands }, place: environment }: Call): OutputItem {
  const told = (status: string, shown: readonly string[]) => ({
    id,
    type: 'shell_call',
    status,
    action: { commands: shown, max_output_length: null, timeout_ms: null },
    call_id: callId,
    environment,
  })
  const json = () => told('completed', commands)
  return {
    id,
    json,
    *events(place) {
      yield added(told('in_progress', []), place)
      for (const [index, command] of commands.entries()) {
        const at = `,"output_index":${place.index},"command_index":${index}`
        const whole = JSON.stringify(command)
        yield { tokens: 0, type: 'response.shell_call_command.added', rest: `${at},"command":""` }
        for (const piece of tokenSized(command))
          yield {
            tokens: 1,
            type: 'response.shell_call_command.delta',
            rest: `${at},"delta":${JSON.stringify(piece)}${place.cover(piece)}`,
          }
        yield { tokens: 0, type: 'response.shell_call_command.done', rest: `${at},"command":${whole}` }
      }
      yield done(json(), place)
    },
  }
}

function outputItem(id: string, callId: string, { outputs }: Run): OutputItem {
  const told = (status: string, output: readonly Output[]) => ({
    id,
    type: 'shell_call_output',
    status,
    call_id: callId,
    max_output_length: null,
    output,
  })
  const json = () => told('completed', outputs)
  return {
    id,
    json,
    *events(place) {
      yield added(told('in_progress', []), place)
      for (const [index, output] of outputs.entries()) {
        const at = `,"item_id":"${id}","output_index":${place.index},"command_index":${index}`
        const event = (kind: string, rest: string) => ({
          tokens: 0,
          type: `response.shell_call_output_content.${kind}`,
          rest: at + rest,
        })
        for (const name of ['stdout', 'stderr'] as const)
          if (output[name] !== '') yield event('delta', `,"delta":${JSON.stringify({ [name]: output[name] })}`)
        yield event('done', `,"output":${JSON.stringify([output])}`)
      }
      yield done(json(), place, waitTokens)
    },
  }
}

/** The older tool, which the client runs (deprecated). */
export function localShellCall({ ruled, items, newId, random, model }: ToolUse): HostedCall | undefined {
  if (isDoneInTurn(items, 'local_shell_call')) return undefined
  const id = newId('lsh')
  const command = ruled?.shell ? ['bash', '-lc', ruled.shell.commands.join(' && ')] : ['ls']
  const told = (status: string) => ({
    id,
    type: 'local_shell_call',
    status,
    action: { type: 'exec', command, env: {}, timeout_ms: null, user: null, working_directory: null },
    call_id: callId,
  })
  const callId = `call_${base62Text(random, 24)}`
  const item: OutputItem = {
    id,
    json: () => told('completed'),
    *events(place) {
      yield added(told('in_progress'), place)
      yield done(told('completed'), place)
    },
  }
  const writtenTokens = countTokens(command.join(' '), model.encoding) + tokensAroundCall
  return { item, writtenTokens, waitTokens: 0, endsTurn: true }
}
