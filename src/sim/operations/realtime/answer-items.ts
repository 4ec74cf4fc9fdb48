/** The items of one answer: messages and calls of tools. Each is opened, filled and closed. */
import type { JsonObject } from '../../base/object.ts'
import type { Padding } from '../parts/obfuscation.ts'
import { serverCallItem, leaveItem } from './mcp-items.ts'
import type { McpCall, OfferedTool } from './mcp-servers.ts'
import type { ResponseStep } from './respond.ts'
import type { RealtimeSession } from './session.ts'

type Open = {
  readonly id: string
  readonly kind: 'message' | 'call' | 'server'
  readonly index: number
  readonly told: JsonObject
  /** For a call that the service makes itself. */
  readonly call?: McpCall
}

type Called = Extract<ResponseStep, { type: 'call' }>
type Status = 'completed' | 'incomplete'

export type AnswerFacts = {
  readonly id: string
  /** Its items do not become part of the conversation. */
  readonly isApart: boolean
  readonly isSpoken: boolean
  readonly pad: Padding
}

export class AnswerItems {
  readonly #session: RealtimeSession
  readonly #about: AnswerFacts
  readonly output: JsonObject[] = []
  /** Calls that are written but not made yet. */
  readonly written: McpCall[] = []
  /** Duration of the speech so far. */
  soundMs = 0
  #open: Open | undefined
  #text = ''

  constructor(session: RealtimeSession, about: AnswerFacts) {
    this.#session = session
    this.#about = about
  }

  text(delta: string): void {
    const at = this.#message()
    const { isSpoken, pad } = this.#about
    this.#text += delta
    this.#session.tell({
      type: isSpoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta',
      ...at,
      delta,
      ...(isSpoken && { obfuscation: pad(delta.length, 0) }),
    })
  }

  sound(base64: string, endMs: number): void {
    const at = this.#message()
    this.soundMs = endMs
    this.#session.tell({ type: 'response.output_audio.delta', ...at, delta: base64 })
  }

  /** A call of the client's tool. */
  call({ id, name }: Called): void {
    this.#openItem('call', { type: 'function_call', name, call_id: id, arguments: '' })
  }

  /** An approval request is sent only when it is complete (as in Responses, recorded February 2026). */
  callServer({ label, tool, needsApproval }: OfferedTool, { result, error }: Called): void {
    const id = this.#session.newId(needsApproval ? 'mcpr' : 'mcp')
    const index = this.output.length
    const ruled = { result: result ?? tool.result, error: error ?? (result === undefined ? tool.error : undefined) }
    const { id: responseId, isApart } = this.#about
    const call = { label, name: tool.name, given: '', itemId: id, responseId, index, ruled, isKept: !isApart }
    const open: Open = {
      id,
      kind: 'server',
      index,
      told: needsApproval ? leaveItem(id, call) : serverCallItem(id, call),
      call,
    }
    if (!needsApproval) this.#opened(open)
    else {
      this.#open = open
      this.#text = ''
    }
  }

  argument(delta: string): void {
    const open = this.#open
    this.#text += delta
    if (open?.kind === 'call')
      this.#session.tell({
        type: 'response.function_call_arguments.delta',
        ...this.#place(),
        call_id: open.told['call_id'],
        delta,
      })
    else if (open?.told['type'] === 'mcp_call')
      this.#session.tell({
        type: 'response.mcp_call_arguments.delta',
        ...this.#place(),
        delta,
        obfuscation: this.#about.pad(delta.length, 0),
      })
  }

  /** The open item, if any. */
  close(status: Status): void {
    const open = this.#open
    if (open?.kind === 'server') this.#closeServerCall(open, status)
    else if (open?.kind === 'call') this.#closeCall(open, status)
    else if (open) this.#closeMessage(open, status)
    this.#open = undefined
  }

  #place() {
    const { id = '', index = 0 } = this.#open ?? {}
    return { response_id: this.#about.id, item_id: id, output_index: index }
  }

  #message() {
    if (!this.#open) {
      this.#openItem('message', { type: 'message', role: 'assistant', content: [] })
      const part = this.#about.isSpoken ? { type: 'audio', transcript: '' } : { type: 'text', text: '' }
      this.#session.tell({ type: 'response.content_part.added', ...this.#place(), content_index: 0, part })
    }
    return { ...this.#place(), content_index: 0 }
  }

  #openItem(kind: 'message' | 'call', { type, ...rest }: JsonObject): void {
    const id = this.#session.newId('item')
    this.#opened({ id, kind, index: this.output.length, told: { id, type, status: 'in_progress', ...rest } })
  }

  #opened(open: Open): void {
    const { id, told, index } = open
    this.#open = open
    this.#text = ''
    const at = { response_id: this.#about.id, output_index: index }
    this.#session.tell({ type: 'response.output_item.added', ...at, item: told })
    if (!this.#about.isApart) this.#session.add({ id, told, soundMs: 0 })
  }

  #closeCall({ id, index, told: before }: Open, status: Status): void {
    const { call_id, name } = before
    const given = this.#text
    this.#session.tell({
      type: 'response.function_call_arguments.done',
      ...this.#place(),
      call_id,
      name,
      arguments: given,
    })
    this.#closed({ id, index, told: { ...before, status, arguments: given } }, 0)
  }

  #closeMessage({ id, index, told: before }: Open, status: Status): void {
    const tell = (event: JsonObject) => this.#session.tell(event)
    const within = { ...this.#place(), content_index: 0 }
    const { isSpoken } = this.#about
    const transcript = this.#text
    if (isSpoken) {
      tell({ type: 'response.output_audio.done', ...within })
      tell({ type: 'response.output_audio_transcript.done', ...within, transcript })
    } else tell({ type: 'response.output_text.done', ...within, text: transcript })
    const part = isSpoken ? { type: 'audio', transcript } : { type: 'text', text: transcript }
    tell({ type: 'response.content_part.done', ...within, part })
    const content = isSpoken ? { type: 'output_audio', transcript } : { type: 'output_text', text: transcript }
    this.#closed({ id, index, told: { ...before, status, content: [content] } }, this.soundMs)
  }

  /** An incomplete call is neither made nor submitted for approval. */
  #closeServerCall(open: Open, status: Status): void {
    const session = this.#session
    const { id, index } = open
    const call = { ...(open.call as McpCall), given: this.#text }
    const isQuestion = open.told['type'] === 'mcp_approval_request'
    const isWritten = status === 'completed'
    if (isQuestion) {
      if (!isWritten) return
      const told = leaveItem(id, call)
      this.#opened({ ...open, told })
      session.servers.ask(id, call)
      this.#closed({ id, index, told }, 0)
      return
    }
    const told = serverCallItem(id, call)
    session.tell({ type: 'response.mcp_call_arguments.done', ...this.#place(), arguments: call.given })
    if (isWritten) {
      this.output.push(told)
      session.conversation.replace({ id, told, soundMs: 0 })
      this.written.push(call)
    } else this.#closed({ id, index, told }, 0)
  }

  #closed({ id, index, told }: Pick<Open, 'id' | 'index' | 'told'>, soundMs: number): void {
    this.output.push(told)
    this.#session.done({ id, told, soundMs })
    const at = { response_id: this.#about.id, output_index: index }
    this.#session.tell({ type: 'response.output_item.done', ...at, item: told })
  }
}
