/**
 * The form that a prompt asks for in words, where a request has no format of its own: tags, a JSON schema, an example,
 * names with their types. Of several the one that stands last in the last message that has any. Bounded: each message is
 * looked through a few times, and no more of it than `maxCharacters`.
 */
import { asksForms, type ChatMessage, contentTexts } from '../../measure/prompt-tokens.ts'
import { exampleSchema, isSchemaLike } from './example.ts'
import { type Block, jsonBlocks } from './blocks.ts'
import type { AskedForm, FoundForm } from './found.ts'
import { interfacesForm } from './interfaces.ts'
import { keysForm } from './keys.ts'
import { dspyForm, dspyJsonForm, reactForm, scoreForm, tagsForm } from './tags.ts'

const maxCharacters = 100_000

/** `messages` are the whole conversation: what the user and the system say in it is looked at. */
export function askedForm(messages: readonly ChatMessage[], wantsJson: boolean): AskedForm | undefined {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    if (!message || !asksForms(message)) continue
    const { content } = message
    const form = typeof content === 'string' ? formIn(content, wantsJson) : formInAny(contentTexts(message), wantsJson)
    if (form) return form
  }
  return undefined
}

/** The one that stands in the last of the texts that has any. */
function formInAny(texts: readonly string[], wantsJson: boolean): AskedForm | undefined {
  for (const text of texts.toReversed()) {
    const form = formIn(text, wantsJson)
    if (form) return form
  }
  return undefined
}

function formIn(whole: string, wantsJson: boolean): AskedForm | undefined {
  const text = whole.length > maxCharacters ? whole.slice(-maxCharacters) : whole
  if (!wantsJson && !mayAsk(text)) return undefined
  const blocks = jsonBlocks(text)
  const found = [
    ...formsOf(blocks, text),
    ...interfacesForm(blocks, text),
    ...dspyJsonForm(text),
    ...(wantsJson
      ? keysForm(without(blocks, text))
      : [...tagsForm(text), ...dspyForm(text), ...scoreForm(text), ...reactForm(text)]),
  ]
  return found.reduce<FoundForm | undefined>((best, one) => (best && best.at > one.at ? best : one), undefined)?.form
}

/**
 * Each form of an answer that need not be JSON has one of these: most prompts have none, and nothing else is looked for.
 * `indexOf` takes half as long as `includes`.
 */
const mayAsk = (text: string): boolean =>
  text.indexOf('{') >= 0 ||
  text.indexOf('</') >= 0 ||
  text.indexOf('Respond with ') >= 0 ||
  text.indexOf('Final Answer:') >= 0 ||
  endsInColon(text)

const endsInColon = (text: string): boolean => {
  let at = text.length - 1
  while (at >= 0 && text.charCodeAt(at) <= space) at--
  return text.charCodeAt(at) === colon
}
const [space, colon] = [0x20, 0x3a]

function formsOf(blocks: readonly Block[], text: string): FoundForm[] {
  const found: FoundForm[] = []
  for (const { at, value } of blocks) {
    const before = text.slice(Math.max(0, at - 300), at)
    if (isSchemaLike(value)) {
      if (introducesSchema.test(before)) found.push({ at, form: { kind: 'json', schema: value } })
    } else if (introducesForm(before)) found.push({ at, form: { kind: 'json', schema: exampleSchema(value) } })
  }
  return found
}

/** The text with nothing in the place of its blocks: what stands in them is no name in words. */
function without(blocks: readonly Block[], text: string): string {
  let rest = ''
  let from = 0
  for (const { at, end } of blocks) {
    rest += text.slice(from, at) + ' '.repeat(end - at)
    from = end
  }
  return rest + text.slice(from)
}

const introducesSchema = /schema|format|conform|structure|respond|answer|output|return|json|```/i

/** The words right before an example say that it is the form of the answer, and not its data. */
function introducesForm(before: string): boolean {
  const paragraph = before.replace(/\s*```\w*\s*$/, '').trimEnd()
  const sentence = paragraph.slice(Math.max(paragraph.lastIndexOf('. ') + 1, paragraph.lastIndexOf('\n\n') + 1))
  if (
    /\b(?:data|input|document|context|record|given|based on|about|using|here is the|order)\b[^.]{0,40}:?$/i.test(
      sentence,
    )
  )
    return false
  return (
    /\b(?:format|structure|shape|schema|template|form|example|json|as follows|like this|following)\b/i.test(sentence) &&
    /\b(?:format|respond|reply|answer|return|output|produce|provide|generate|give|write|should|must|structure|schema|template|example|result)\b/i.test(
      sentence,
    )
  )
}
