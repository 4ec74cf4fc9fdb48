/** Which kind an event of a stream is of: events of one kind have one shape. */

export type Chunk = {
  readonly type?: string
  readonly usage?: unknown
  readonly prompt_filter_results?: unknown
  readonly choices?: readonly {
    readonly finish_reason?: unknown
    readonly content_filter_offsets?: unknown
    readonly delta?: { readonly role?: string; readonly tool_calls?: unknown }
  }[]
}

export function kindOf(event: string | Chunk): string {
  if (typeof event === 'string') return event
  if (event.type !== undefined && !event.choices) return event.type
  const [choice] = event.choices ?? []
  if (!choice) return event.usage ? 'usage' : event.prompt_filter_results ? 'prompt filter' : 'no choices'
  if (choice.finish_reason) return 'finish'
  if (choice.delta?.role) return 'role'
  if (choice.delta?.tool_calls) return 'tool'
  return choice.content_filter_offsets ? 'filter' : 'text'
}
