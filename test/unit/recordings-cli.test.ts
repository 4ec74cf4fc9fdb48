import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordingsCommand } from '../../src/cli/recordings.ts'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { answerText, exampleInteraction, exampleSought, toSought } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'

let azurite: Azurite
let cwd = ''
let containers = 0
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'recordings-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

/** The exit code, and all that was printed. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const lines: string[] = []
  const errors: string[] = []
  const terminal = {
    out: (line: string) => void lines.push(line),
    error: (line: string) => void errors.push(line),
    cwd,
    stopped: () => Promise.resolve(),
  }
  const program = new Command('aoai-sim').exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.error(text.trimEnd()),
  })
  recordingsCommand(program, terminal, env)
  try {
    await program.parseAsync(['recordings', ...args], { from: 'user' })
    return { code: 0, out: lines.join('\n'), errors }
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, out: lines.join('\n'), errors }
    return { code: 1, out: lines.join('\n'), errors: [...errors, (error as Error).message] }
  }
}

async function record(folder: string, ...questions: string[]): Promise<void> {
  const recordings = createRecordings({ store: fileStore(join(cwd, folder)), clock: manualClock() })
  for (const question of questions) await recordings.add(exampleInteraction(), exampleSought(question))
}

describe('aoai-sim recordings', () => {
  it('explains itself and each of its commands', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of ['list', 'show', 'new', 'delete', 'pull', 'push', 'convert']) {
      expect(out).toContain(name)
      expect((await run([name, '--help'])).out).toContain(`Usage: aoai-sim recordings ${name}`)
    }
  })

  it('lists what is in the folder that the simulator would use', async () => {
    await record('.recording', 'one', 'two')
    const { out } = await run(['list'])
    expect(out).toMatch(/^(openai\/\S+\.yaml {2}\d+ bytes\n){2}2 recordings in .*\.recording$/)
    expect((await run(['list', 'nowhere/'])).out).toMatch(/^0 recordings/)
    expect((await run(['list'], { RECORDING_DIR: 'other' })).out).toMatch(/^0 recordings in .*other$/)
    expect((await run(['list', '--dir', '.recording'], { RECORDING_CONTAINER_URL: 'https://x.y/z' })).code).toBe(0)
  })

  it('shows a document by its name or by the beginning of its key', async () => {
    await record('.recording', 'one')
    const name = (await run(['list'])).out.split(' ')[0]!
    const document = await readFile(join(cwd, '.recording', name), 'utf8')
    expect((await run(['show', name])).out).toBe(document.trimEnd())
    expect((await run(['show', name.split('/').at(-1)!.slice(0, 8)])).out).toBe(document.trimEnd())
    expect(await run(['show', 'zzz'])).toMatchObject({
      code: 1,
      errors: [expect.stringContaining('no recording zzz in')],
    })
  })

  it('says of each recording what cannot be read of it', async () => {
    await record('.recording', 'one')
    const name = (await run(['list'])).out.split(' ')[0]!
    await writeFile(join(cwd, '.recording', name), 'version: 2\nrequest: 7\n')
    const interaction = `- request: {method: GET, uri: 'http://h/x', headers: {}, body: ''}
  response: {status: {code: 200}, headers: {}, body: {string: '{}'}}\n`
    await writeFile(join(cwd, '.recording', 'x.yaml'), `interactions:\n${interaction}- 7\n`)
    const { out } = await run(['list'])
    expect(out).toMatch(
      /\.yaml {2}\d+ bytes\n {2}cannot be read: request: found 7, allowed: a mapping\n {2}cannot be read: response is missing\n/,
    )
    expect(out).toMatch(
      /x\.yaml {2}\d+ bytes\n {2}cannot be read: interactions\[1\]: it: found 7, allowed: a mapping\n/,
    )
    expect((await run(['show', 'x.yaml'])).errors).toEqual([
      'cannot be read: interactions[1]: it: found 7, allowed: a mapping',
    ])
  })

  it('writes a document to fill in, which its request finds', async () => {
    await writeFile(join(cwd, 'body.json'), '{"messages":[{"role":"user","content":"caf\\u00e9"}],"user":"me"}')
    const path = '/openai/deployments/gpt-4o/chat/completions'
    const flags = ['--request', 'body.json', '--path', `http://localhost:8000${path}?api-version=2024-10-21`]
    const { code, out } = await run(['new', ...flags, '--ignore', 'user'])
    expect(code).toBe(0)
    const [name = ''] = out.split(' in ')
    const document = await readFile(join(cwd, '.recording', name), 'utf8')
    expect(document).toMatch(/^# Fill in the response/)
    await writeFile(join(cwd, '.recording', name), document.replace("content: ''", 'content: Hot'))
    const options = { clock: manualClock(), match: { ignore: ['user'] } }
    const recordings = createRecordings({ store: fileStore(join(cwd, '.recording')), ...options })
    const sought = toSought('{"messages":[{"content":"café","role":"user"}],"user":"you"}', { path })
    const [found] = await recordings.find(sought)
    expect(JSON.parse(answerText(found!))).toMatchObject({ choices: [{ message: { content: 'Hot' } }] })
    expect(found?.request.query).toEqual({ 'api-version': '2024-10-21' })
    expect((await run(['new', ...flags, '--ignore', 'user'])).errors).toEqual([
      expect.stringContaining('There is a recording of that request already'),
    ])
  })

  it.each(['/openai/v1/responses', '/openai/v1/embeddings', '/openai/deployments/d/completions', '/openai/v1/x'])(
    'writes one for %s, also without a body, or says what is wrong',
    async (path) => {
      expect((await run(['new', '--path', path, '--method', 'get'])).code).toBe(0)
      const recordings = createRecordings({ store: fileStore(join(cwd, '.recording')), clock: manualClock() })
      const sought = { method: 'GET', path, contentType: '', bytes: new Uint8Array() }
      expect(await recordings.find(sought)).toHaveLength(1)
      expect((await run(['new', '--path', path, '--request', 'none.json'])).errors[0]).toMatch(
        /^The request cannot be read/,
      )
      expect((await run(['new', '--path', 'nonsense'])).errors[0]).toMatch(/^Not a path: nonsense/)
    },
  )

  it('deletes what is named, with what is beside it, or all', async () => {
    await record('.recording', 'one', 'two', 'three')
    const recordings = createRecordings({ store: fileStore(join(cwd, '.recording')), clock: manualClock() })
    await recordings.add(exampleInteraction({ kind: 'bytes', bytes: Uint8Array.of(0) }), exampleSought('speech'))
    const files = async () => {
      const entries = await readdir(join(cwd, '.recording'), { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    }
    const beside = (await files()).find((name) => name.endsWith('.bin'))!
    expect((await run(['delete', beside.split('.')[0]!])).out).toMatch(/^1 recording deleted/)
    expect(await files()).toHaveLength(3)
    expect(await run(['delete'])).toMatchObject({ code: 1, errors: ['Specify recording names, or --all'] })
    expect((await run(['delete', '--all'])).out).toMatch(/^3 recordings deleted/)
    expect(await files()).toEqual([])
  })

  it('moves recordings to a container and back', async () => {
    const container = `cli-${++containers}`
    const env = { RECORDING_CONNECTION_STRING: azurite.connectionString, RECORDING_CONTAINER: container }
    await record('.recording', 'one', 'two')
    expect((await run(['push'], env)).out).toMatch(
      /^2 recordings copied from .*\.recording to devstoreaccount1\/cli-1, 0 there/,
    )
    expect((await run(['push'], env)).out).toMatch(/^0 recordings copied .*, 2 there already$/)
    expect((await run(['list'], env)).out).toMatch(/2 recordings in devstoreaccount1\/cli-1$/)
    expect((await run(['pull', '--dir', 'other'], env)).out).toMatch(/^2 recordings copied/)
    const name = (await run(['list', '--dir', 'other'])).out.split(' ')[0]!
    await writeFile(join(cwd, 'other', name), 'changed')
    expect((await run(['push', '--dir', 'other', '--overwrite'], env)).out).toMatch(
      /^1 recording copied .*, 1 the same$/,
    )
    const flags = ['--connection-string', azurite.connectionString, '--container', container]
    expect((await run(['show', name, ...flags])).out).toBe('changed')
  })

  it('converts a folder of the Python simulator', async () => {
    await writeFile(
      join(cwd, 'openai_v1_models.yaml'),
      `interactions:\n- request: {method: GET, uri: 'http://h/openai/v1/models', headers: {}, body: ''}\n  response: {status: {code: 200}, headers: {}, body: {string: '{}'}}\nversion: 1\n`,
    )
    expect(await run(['convert', '.', 'new'])).toMatchObject({
      code: 0,
      out: `1 recording converted into ${join(cwd, 'new')}, 0 copied, 0 there already`,
    })
    await writeFile(join(cwd, 'broken.yaml'), 'interactions: 7\n')
    expect(await run(['convert', '.', 'newer'])).toMatchObject({
      code: 1,
      errors: ['broken.yaml: interactions: not a list', '1 file could not be converted'],
    })
  })

  it('says in one line what is wrong', async () => {
    for (const [args, message] of [
      [['pull'], /^No container is named: give --container-url/],
      [['list', '--container-url', 'nonsense'], /^Not the address of a container: nonsense/],
      [['list', '--connection-string', 'nonsense'], /^The connection string of the recordings is not one/],
      [['list', '--nonsense'], /unknown option '--nonsense'/],
    ] as const) {
      const { code, errors } = await run(args)
      expect(code).toBe(1)
      expect(errors.join('\n')).toMatch(message)
    }
  })
})
