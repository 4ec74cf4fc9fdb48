/** `aoai-sim recordings`: what is kept, and moving it about. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import {
  blobStore,
  convertRecordings,
  copyRecordings,
  documentProblems,
  type Environment,
  fileOf,
  fileStore,
  isDocument,
  type RecordingStore,
  systemClock,
} from '../sim/index.ts'
import { type NewRecording, newRecording } from './new-recording.ts'
import type { Terminal } from './terminal.ts'

type Place = {
  readonly dir?: string
  readonly containerUrl?: string
  readonly connectionString?: string
  readonly container?: string
}

/** What the commands need of the process. */
type Shell = { readonly terminal: Terminal; readonly env: Environment }

/** Adds the command to `program`. Where recordings are is said by flags, or else by `RECORDING_…` in `env`. */
export function recordingsCommand(program: Command, terminal: Terminal, env: Environment): Command {
  const shell: Shell = { terminal, env }
  const group = program
    .command('recordings')
    .description('list, show, write, delete, copy and convert recordings, in a folder or a Blob container')
    .addHelpText('after', placesHelp)
  const sub = (usage: string, description: string) =>
    withPlace(group.command(usage).description(description).allowExcessArguments(false))

  sub('list [prefix]', 'list the names of recordings, for example of those below openai/deployments/gpt-4o/').action(
    (prefix: string | undefined, place: Place) => list(storeOf(place, shell), prefix ?? '', terminal),
  )
  sub('show <name>', 'the document of a recording; its key is enough').action((name: string, place: Place) =>
    show(storeOf(place, shell), name, terminal),
  )
  sub('new', 'write a document to fill in, for a request that was never recorded')
    .requiredOption('--path <path>', 'of the request: /openai/deployments/gpt-4o/chat/completions, or its address')
    .option('--request <file>', 'file with the body of the request, exactly as it will be sent')
    .option('--method <method>', 'method of the request', 'POST')
    .option('--content-type <type>', 'content type of that body', 'application/json')
    .option('--ignore <fields...>', 'fields of the body to ignore, as in recording.match.ignore')
    .action((asked: Place & NewRecording) => newRecording(storeOf(asked, shell), asked, terminal))
  sub('delete [names...]', 'delete recordings, with the files beside them')
    .option('--all', 'all recordings')
    .action((names: readonly string[], place: Place & { readonly all?: boolean }) =>
      remove(storeOf(place, shell), place.all ? undefined : names, terminal),
    )
  sub('pull', 'copy from the container into the folder')
    .option('--overwrite', 'overwrite existing recordings')
    .action((place: Place & { readonly overwrite?: boolean }) =>
      copy(containerOf(place, shell), folderOf(place, shell), { terminal, overwrite: place.overwrite ?? false }),
    )
  sub('push', 'copy from the folder into the container')
    .option('--overwrite', 'overwrite existing recordings')
    .action((place: Place & { readonly overwrite?: boolean }) =>
      copy(folderOf(place, shell), containerOf(place, shell), { terminal, overwrite: place.overwrite ?? false }),
    )
  group
    .command('convert <from> <to>')
    .description('convert a folder of recordings of the Python simulator into another folder')
    .option('--ignore <fields...>', 'fields of the body to ignore, as in recording.match.ignore')
    .allowExcessArguments(false)
    .action((from: string, to: string, { ignore = [] }: { readonly ignore?: readonly string[] }) =>
      convert(folderAt(from, terminal), folderAt(to, terminal), { terminal, ignore }),
    )
  return group
}

const placesHelp = `
Without flags the place is the one that the simulator would use: RECORDING_CONTAINER_URL, or
RECORDING_CONNECTION_STRING with RECORDING_CONTAINER, or else RECORDING_DIR (.recording).`

const withPlace = (command: Command) =>
  command
    .option('--dir <folder>', 'a folder of recordings')
    .option('--container-url <url>', 'a Blob container; signed in to by @azure/identity, unless the URL is signed')
    .option('--connection-string <text>', 'connection string of a storage account, also UseDevelopmentStorage=true')
    .option('--container <name>', 'container of that account (default: recordings)')

/** Flags beat the environment; of two flags the container is meant. */
function storeOf(place: Place, shell: Shell): RecordingStore {
  const isContainerNamed = place.containerUrl ?? place.connectionString ?? place.container
  if (place.dir !== undefined && isContainerNamed === undefined) return folderOf(place, shell)
  const { RECORDING_CONTAINER_URL: url, RECORDING_CONNECTION_STRING: connection } = shell.env
  return isContainerNamed !== undefined || url || connection ? containerOf(place, shell) : folderOf(place, shell)
}

const folderOf = ({ dir }: Place, { terminal, env }: Shell): RecordingStore =>
  folderAt(dir ?? (env.RECORDING_DIR || '.recording'), terminal)

const folderAt = (folder: string, { cwd }: Terminal): RecordingStore => fileStore(resolve(cwd ?? '', folder))

function containerOf(place: Place, { env }: Shell): RecordingStore {
  const clock = systemClock()
  const isUrlMeant = place.containerUrl !== undefined || (place.connectionString ?? place.container) === undefined
  const containerUrl = place.containerUrl ?? (isUrlMeant ? env.RECORDING_CONTAINER_URL : undefined)
  if (containerUrl) return blobStore({ address: { containerUrl }, clock })
  const connectionString = place.connectionString ?? env.RECORDING_CONNECTION_STRING
  const container = place.container ?? (env.RECORDING_CONTAINER || 'recordings')
  if (connectionString) return blobStore({ address: { connectionString, container }, clock })
  throw new Error('No container is named: give --container-url or --connection-string, or set RECORDING_CONTAINER_URL')
}

async function list(store: RecordingStore, prefix: string, { out }: Terminal): Promise<void> {
  let count = 0
  for await (const { name, bytes } of store.list(prefix)) {
    if (!isDocument(name)) continue
    out(`${name}  ${bytes} bytes`)
    for (const problem of await documentProblems(name, store)) out(`  cannot be read: ${problem}`)
    count++
  }
  out(`${counted(count)} in ${store.label}`)
}

async function show(store: RecordingStore, asked: string, { out, error }: Terminal): Promise<void> {
  const name = await nameOf(store, asked)
  const found = await store.read(name)
  if (found !== undefined && found !== 'unchanged') out(Buffer.from(found.bytes).toString().trimEnd())
  for (const problem of await documentProblems(name, store)) error(`cannot be read: ${problem}`)
}

async function remove(store: RecordingStore, asked: readonly string[] | undefined, { out }: Terminal): Promise<void> {
  if (asked?.length === 0) throw new Error('Specify recording names, or --all')
  const names = new Set<string>()
  if (asked) for (const one of asked) names.add(await nameOf(store, one))
  const doomed: string[] = []
  for await (const { name } of store.list()) if (!asked || isBesideAny(name, names)) doomed.push(name)
  let count = 0
  // Documents first, so that none is ever without what is beside it.
  for (const name of doomed.sort((a, b) => Number(isDocument(b)) - Number(isDocument(a)))) {
    if ((await store.remove(name)) && isDocument(name)) count++
  }
  out(`${counted(count)} deleted from ${store.label}`)
}

/** A document itself, or a file that has its name but for the end. */
const isBesideAny = (name: string, documents: ReadonlySet<string>) =>
  documents.has(name) ||
  (!isDocument(name) && documents.has(name.replace(/\.(request|response|event)-[0-9a-f]+\.bin$/, '.yaml')))

type Copying = { readonly terminal: Terminal; readonly overwrite: boolean }

async function copy(from: RecordingStore, to: RecordingStore, { terminal, overwrite }: Copying): Promise<void> {
  const { copied, skipped } = await copyRecordings(from, to, { overwrite })
  terminal.out(
    `${counted(copied)} copied from ${from.label} to ${to.label}, ${skipped} ${overwrite ? 'the same' : 'there already'}`,
  )
}

type Converting = { readonly terminal: Terminal; readonly ignore: readonly string[] }

async function convert(from: RecordingStore, to: RecordingStore, { terminal, ignore }: Converting): Promise<void> {
  const { converted, copied, skipped, problems } = await convertRecordings({ from, to, ignore })
  for (const problem of problems) terminal.error(problem)
  terminal.out(`${counted(converted)} converted into ${to.label}, ${copied} copied, ${skipped} there already`)
  const files = problems.length === 1 ? '1 file' : `${problems.length} files`
  if (problems.length > 0) throw new Error(`${files} could not be converted`)
}

/** The name in full, or the beginning of the last part of one that is alone in that. */
async function nameOf(store: RecordingStore, asked: string): Promise<string> {
  const found: string[] = []
  for await (const { name } of store.list()) {
    if (name === asked) return name
    if (isDocument(name) && fileOf(name).startsWith(asked)) found.push(name)
  }
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (found.length === 0) throw new Error(`There is no recording ${asked} in ${store.label}`)
  throw new Error(`${asked} may be any of ${found.length} recordings, for example ${found.slice(0, 3).join(', ')}`)
}

const counted = (count: number) => `${count} recording${count === 1 ? '' : 's'}`
