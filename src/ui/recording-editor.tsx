/** A recording as YAML: edited, checked and written over the one that was read, or deleted. */
import { useEffect, useState } from 'preact/hooks'
import { type Api, errorMessageIn } from './api.ts'
import { curlCommand } from './changes.tsx'
import { Command } from './command.tsx'
import { size, errorText } from './format.ts'
import { Alert } from './pending.tsx'

type Document = {
  readonly name: string
  readonly bytes: number
  readonly tag: string
  readonly document: string
  readonly problems: readonly string[]
}

/** Back to the list. */
function close(): void {
  location.hash = '#recordings'
}

type Props = { readonly api: Api; readonly name: string; readonly changed: () => void }

export function RecordingEditor({ api, name, changed }: Props) {
  const path = `/++/recordings/${name.split('/').map(encodeURIComponent).join('/')}`
  const [read, setRead] = useState<Document>()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [note, setNote] = useState<string>()
  const [command, setCommand] = useState<string>()
  const [isAsking, setAsking] = useState(false)

  const load = () =>
    api.get<Document>(path).then(
      (found) => {
        setRead(found)
        setText(found.document)
        setProblem(
          found.problems.length > 0 ? `It cannot be replayed as it is:\n${found.problems.join('\n')}` : undefined,
        )
      },
      (error: unknown) => setProblem(errorText(error)),
    )
  useEffect(() => void load(), [api, path])

  const save = async (event: Event) => {
    event.preventDefault()
    setNote(undefined)
    try {
      const headers = { 'content-type': 'text/yaml', ...(read && { 'if-match': `"${read.tag}"` }) }
      const answer = await api.raw(path, { method: 'PUT', body: text, headers })
      const told = await answer.text()
      if (!answer.ok) {
        setProblem(errorMessageIn(told) ?? `The simulator answered ${answer.status}.`)
        return
      }
      const { tag, bytes } = JSON.parse(told) as Document
      setRead({ name, tag, bytes, document: text, problems: [] })
      setProblem(undefined)
      setNote('Written. The next answer has it.')
      setCommand(`${curlCommand('PUT', path)} --data-binary @recording.yaml`)
      changed()
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  const remove = async () => {
    try {
      await api.send('DELETE', path)
      changed()
      close()
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  const isEdited = read !== undefined && text !== read.document
  return (
    <section class="detail" aria-label="Recording">
      <h2>
        <code>{name}</code>
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </h2>
      <Alert text={problem} />
      {read && (
        <form onSubmit={(event) => void save(event)}>
          <label class="full">
            The document, as YAML ({size(read.bytes)})
            <textarea
              class="code"
              rows={18}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <button type="submit" disabled={!isEdited}>
            Save
          </button>
          <button type="button" class="quiet" disabled={!isEdited} onClick={() => setText(read.document)}>
            Take back
          </button>
          {isAsking ? (
            <span class="buttons">
              Delete it for good?
              <button type="button" class="danger" onClick={() => void remove()}>
                Delete
              </button>
              <button type="button" class="quiet" onClick={() => setAsking(false)}>
                Keep
              </button>
            </span>
          ) : (
            <button type="button" class="quiet" onClick={() => setAsking(true)}>
              Delete …
            </button>
          )}
          <span class="note" role="status">
            {isEdited ? 'Not saved yet.' : note}
          </span>
        </form>
      )}
      {command !== undefined && <Command text={command} />}
    </section>
  )
}
