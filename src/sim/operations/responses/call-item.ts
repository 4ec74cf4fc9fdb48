/** A call of one of the client's tools. */
import type { ToolCall } from '../../answers/choice.ts'
import { added, done, type OutputItem } from './output-item.ts'

export function callItem(id: string, call: ToolCall, status: 'completed' | 'incomplete'): OutputItem {
  const isCustom = call.kind === 'custom'
  const json = (input: string, state: string) =>
    isCustom
      ? { id, type: 'custom_tool_call', status: state, call_id: call.id, input, name: call.name }
      : { id, type: 'function_call', status: state, arguments: input, call_id: call.id, name: call.name }
  const events = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
  const key = isCustom ? 'input' : 'arguments'
  return {
    id,
    json: () => json(call.input.text(), status),
    *events(place) {
      const at = `,"item_id":"${id}","output_index":${place.index}`
      yield added(json('', 'in_progress'), place, call.openingTokens)
      for (let index = 0; index < call.input.count; index++) {
        const delta = call.input.at(index)
        yield {
          tokens: 1,
          type: `${events}.delta`,
          rest: `${at},"delta":${JSON.stringify(delta)}${place.cover(delta)}`,
        }
      }
      yield { tokens: 0, type: `${events}.done`, rest: `${at},"${key}":${JSON.stringify(call.input.text())}` }
      yield done(json(call.input.text(), status), place)
    },
  }
}
