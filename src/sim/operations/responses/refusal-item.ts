/** A message in which the model declines. The events are those of the SDK's types; none was recorded. */
import type { MessageParts } from './message-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

type RefusalParts = Pick<MessageParts, 'id' | 'text' | 'status' | 'phase'>

export function refusalItem({ id, text, status, phase }: RefusalParts): OutputItem {
  const part = (refusal: string) => ({ type: 'refusal', refusal })
  const json = (content: readonly object[], state: string) => ({
    id,
    type: 'message',
    status: state,
    content,
    ...(phase && { phase }),
    role: 'assistant',
  })
  const whole = () => json([part(text.text())], status)
  return {
    id,
    json: whole,
    *events(place) {
      const at = `,"item_id":"${id}","output_index":${place.index},"content_index":0`
      const told = (type: string, rest: string, tokens = 0) => ({ tokens, type, rest: at + rest })
      yield added(json([], 'in_progress'), place)
      yield told('response.content_part.added', `,"part":${JSON.stringify(part(''))}`)
      for (let index = 0; index < text.count; index++) {
        const delta = text.at(index)
        yield told('response.refusal.delta', `,"delta":${JSON.stringify(delta)}${place.cover(delta)}`, 1)
      }
      yield told('response.refusal.done', `,"refusal":${text.json()}`)
      yield told('response.content_part.done', `,"part":${JSON.stringify(part(text.text()))}`)
      yield done(whole(), place)
    },
  }
}
