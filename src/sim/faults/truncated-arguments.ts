/** The arguments of a call of a tool end in the middle, and the answer as usual. */
import { isObject } from '../base/object.ts'
import type { Fault } from './fault.ts'
import { eventJson, withJson } from './event-json.ts'
import { bufferOf, isEvents, reshape } from './flow.ts'

export const truncatedArguments: Fault = (plan, { after }, context) => {
  const { body } = plan
  if (body.kind === 'whole') {
    const text = bufferOf(body.data).toString('utf8')
    const json = parsed(text)
    if (json === undefined) return plan
    const compact = JSON.stringify(json)
    const shorter = changed(json, (whole) => whole.slice(0, Math.floor(whole.length / 2)))
    if (JSON.stringify(shorter) === compact) return plan
    const data = JSON.stringify(shorter, undefined, text.startsWith('{\n  "') ? 2 : undefined)
    return { ...plan, body: { kind: 'whole', atMs: body.atMs, data: text.endsWith('\n') ? `${data}\n` : data } }
  }
  if (!isEvents(plan)) return plan
  const kept = after?.tokens ?? after?.events
  return reshape(plan, context, () => {
    let pieces = 0
    let told = ''
    return {
      piece(event, out) {
        const json = eventJson(event)
        if (!json || !/arguments|partial_json/.test(event.toString('latin1'))) {
          out.send(event)
          return
        }
        const isPiece = !(typeof json.type === 'string' && /\.done$|\.completed$/.test(json.type))
        const next = changed(json, (text) => {
          if (!isPiece) return told
          if (text === '') return ''
          const piece = pieces++ === 0 && kept === undefined ? text.slice(0, Math.floor(text.length / 2)) : text
          if (pieces > (kept ?? 1)) return ''
          told += piece
          return piece
        })
        out.send(withJson(event, next))
      },
    }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same JSON with every text of arguments changed. */
function changed(value: unknown, change: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => changed(inner, change))
  if (!isObject(value)) return value
  // Claude's whole input is no text: of one that was cut off nothing can be read.
  if (value.type === 'tool_use' && isObject(value.input) && Object.keys(value.input).length > 0)
    return { ...value, input: {} }
  const isDelta = value.type === 'response.function_call_arguments.delta'
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isText = key === 'arguments' || key === 'partial_json' || (isDelta && key === 'delta')
      return [key, isText && typeof inner === 'string' ? change(inner) : changed(inner, change)]
    }),
  )
}
