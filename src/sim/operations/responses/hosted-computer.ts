/** An action on a screen: the client performs it and sends a screenshot (recorded March 2025 and February 2026). */
import { isObject } from '../../base/object.ts'
import { base62Text, type Random } from '../../random.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Item } from './items.ts'
import { itemsOfTurn } from './hosted-container.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** The conversation, with actions and screenshots, newest last. */
export type ComputerSeen = { readonly items: readonly Item[] }

/**
 * The model asks for a screenshot, acts once, and then answers in text: the simulator does not look at pictures. `undefined` when
 * it is time for the text.
 */
export function computerCall({ tool, model, newId, random, items, question, ruled }: ToolUse): HostedCall | undefined {
  // The newer tool takes a list of actions (the official SDK's types, 2026).
  const isNewer = tool.type === 'computer'
  const action = ruled?.computer
    ? ruledAction(items, ruled.computer.actions, isNewer)
    : nextAction({ items }, { tool, random, question })
  if (!action) return undefined
  const id = newId('cu')
  const whole = () => ({
    type: 'computer_call',
    id,
    call_id: `call_${base62Text(random, 24)}`,
    ...(isNewer ? { actions: [action].flat() } : { action }),
    pending_safety_checks: [],
    status: 'completed',
  })
  const made = whole()
  const item: OutputItem = {
    id,
    json: () => made,
    *events(place) {
      yield added({ ...made, status: 'in_progress' }, place)
      yield done(made, place)
    },
  }
  const writtenTokens = countTokens(JSON.stringify(action), model.encoding) + 2
  return { item, writtenTokens, waitTokens: 0, endsTurn: true }
}

/** One action for each call, or all at once. */
function ruledAction(
  items: readonly Item[],
  actions: readonly Action[],
  isNewer: boolean,
): Action | readonly Action[] | undefined {
  const count = itemsOfTurn(items).filter(({ type }) => type === 'computer_call').length
  return isNewer ? (count === 0 ? actions : undefined) : actions[count]
}

type Action = Readonly<Record<string, unknown>>
type Screen = { readonly tool: Readonly<Record<string, unknown>>; readonly random: Random; readonly question: string }

function nextAction({ items }: ComputerSeen, screen: Screen): Action | undefined {
  const calls = itemsOfTurn(items).filter(({ type }) => type === 'computer_call')
  const done = calls.flatMap(({ action, actions }): readonly unknown[] => (Array.isArray(actions) ? actions : [action]))
  const hasSeen = done.some((action) => isObject(action) && action['type'] === 'screenshot') || showsPicture(items)
  if (!hasSeen) return { type: 'screenshot' }
  const hasActed = done.some((action) => isObject(action) && action['type'] !== 'screenshot')
  return hasActed ? undefined : act(screen)
}

/** Types the text in quotes, or clicks somewhere in the middle of the screen. */
function act({ tool, random, question }: Screen): Action {
  const [, quoted] = /["'\u2018\u201c]([^"'\u2019\u201d]{1,200})["'\u2019\u201d]/.exec(question) ?? []
  if (quoted) return { type: 'type', text: quoted }
  return {
    type: 'click',
    button: 'left',
    x: within(tool['display_width'], random),
    y: within(tool['display_height'], random),
  }
}

function within(size: unknown, random: Random): number {
  const length = typeof size === 'number' && size >= 4 && size <= maxSize ? size : 1_024
  return Math.floor(length / 4) + random.below(Math.floor(length / 2))
}

const maxSize = 100_000

const showsPicture = (items: readonly Item[]): boolean =>
  items.some(
    ({ type, content }) =>
      type === 'message' &&
      Array.isArray(content) &&
      content.some((part: unknown) => isObject(part) && part['type'] === 'input_image'),
  )
