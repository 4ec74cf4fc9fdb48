/** A step on somebody's screen, which the client does and shows the outcome of (recorded March 2025 and February 2026). */
import { isObject } from '../../base/object.ts'
import { base62Text, type Random } from '../../random.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Item } from './items.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** What the model has said that is to be done, and has seen; the newest comes last. */
export type ComputerSeen = { readonly items: readonly Item[] }

/**
 * It wants to see the screen, does one thing there, and then tells how it went: nothing that is on a picture is known here.
 * `undefined` where it is time to tell.
 */
export function computerCall({ tool, model, newId, random, items, question, ruled }: ToolUse): HostedCall | undefined {
  // The newer tool does several things at a time (the official SDK's types, 2026).
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

/** One at a time, or all of them at once. */
function ruledAction(
  items: readonly Item[],
  actions: readonly Action[],
  isNewer: boolean,
): Action | readonly Action[] | undefined {
  const count = turnOf(items).filter(({ type }) => type === 'computer_call').length
  return isNewer ? (count === 0 ? actions : undefined) : actions[count]
}

const turnOf = (items: readonly Item[]) => items.slice(items.findLastIndex(({ role }) => role === 'user') + 1)

type Action = Readonly<Record<string, unknown>>
type Screen = { readonly tool: Readonly<Record<string, unknown>>; readonly random: Random; readonly question: string }

function nextAction({ items }: ComputerSeen, screen: Screen): Action | undefined {
  const calls = turnOf(items).filter(({ type }) => type === 'computer_call')
  const done = calls.flatMap(({ action, actions }): readonly unknown[] => (Array.isArray(actions) ? actions : [action]))
  const hasSeen = done.some((action) => isObject(action) && action['type'] === 'screenshot') || showsPicture(items)
  if (!hasSeen) return { type: 'screenshot' }
  const hasActed = done.some((action) => isObject(action) && action['type'] !== 'screenshot')
  return hasActed ? undefined : act(screen)
}

/** What stands in quotes is written; else something in the middle of the screen is clicked. */
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
