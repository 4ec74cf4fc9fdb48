import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import type { ListenAddress, Serve } from '../../src/cli/start.ts'
import type { Loaded } from '../../src/host/environment.ts'
import { fileStore } from '../../src/sim/recordings/file-store.ts'
import { toDocument } from '../../src/sim/recordings/document.ts'
import { jsonBody } from '../../src/sim/recordings/body.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'cli-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

type Options = { env?: Record<string, string>; serve?: Serve; open?: number }

/** Arguments with spaces in them are given as a list. */
async function run(args: string | readonly string[], { env = {}, serve, open = 0 }: Options = {}) {
  const out: string[] = []
  const errors: string[] = []
  const events: string[] = []
  const addresses: ListenAddress[] = []
  const started: Loaded[] = []
  const fake: Serve = (loaded, address) => {
    started.push(loaded)
    addresses.push(address)
    return Promise.resolve({
      url: `http://${address.host}:${address.port}`,
      openRequests: () => open,
      stop: () => Promise.resolve(void events.push('stopped')),
    })
  }
  const terminal = {
    out: (line: string) => void out.push(line),
    error: (line: string) => void errors.push(line),
    cwd,
    env,
    stopped: () => Promise.resolve(void events.push('asked to stop')),
  }
  const code = await runCli(typeof args === 'string' ? args.split(' ').filter(Boolean) : args, terminal, serve ?? fake)
  return { code, out: out.join('\n'), errors: errors.join('\n'), events, addresses, config: started[0]?.config }
}

describe('aoai-sim start', () => {
  it('prints the endpoint, the key it drew, and a line to try', async () => {
    const { code, out, errors, events } = await run('start')
    const key = /Key: {6}([0-9a-f]{32}) /.exec(out)?.[1]
    expect(out).toBe(
      [
        'aoai-simulated-api is running in generate mode; Ctrl+C stops it.',
        '  Text is generated, not by a model, and sent with simulated latency; --no-latency answers at once.',
        '  Endpoint: http://127.0.0.1:8000',
        `  Key:      ${key} (for this run; set SIMULATOR_API_KEY to choose one)`,
        '  Answers: exactly as many tokens as a request allows (generate.maxTokens: exact)',
        'Try it:',
        '  curl "http://127.0.0.1:8000/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21" ' +
          `-H "api-key: ${key}" -H "Content-Type: application/json" ` +
          `-d '{"messages":[{"role":"user","content":"Hello!"}]}'`,
      ].join('\n'),
    )
    expect({ code, errors, events }).toEqual({ code: 0, errors: '', events: ['asked to stop', 'stopped'] })
  })

  it('does not print a key that it was given', async () => {
    const { out, errors } = await run('start', { env: { SIMULATOR_API_KEY: 'my-own-key' } })
    expect(out).toContain('Try it, after export SIMULATOR_API_KEY="<the key>" in that terminal:')
    expect(out).toContain('-H "api-key: $SIMULATOR_API_KEY"')
    expect(out).toContain('Key:      ****')
    expect(out + errors).not.toContain('my-own-key')
  })

  it.each([
    [
      'deployments: { e: { model: text-embedding-3-small } }\nallowUndefinedDeployments: false',
      '/deployments/e/embeddings?',
    ],
    ['deployments: { e: { model: text-embedding-3-small }, c: { model: gpt-4 } }', '/deployments/c/chat/completions?'],
    ['allowUndefinedDeployments: false', '/openai/v1/models"'],
  ])('proposes a call that the configuration answers: %s', async (yaml, path) => {
    writeFileSync(join(cwd, 'sim.yaml'), yaml)
    expect((await run('start --config sim.yaml')).out).toContain(path)
  })

  it('tells what is set, and no secret of it', async () => {
    const env = {
      SIMULATOR_API_KEY: 'my-own-key',
      AZURE_OPENAI_ENDPOINT: 'https://name.openai.azure.com/openai',
      AZURE_OPENAI_KEY: 'service-key',
      RECORDING_CONTAINER_URL: 'https://acct.blob.core.windows.net/recordings?sig=secret-signature',
      SIMULATOR_STATE_CONNECTION_STRING: 'AccountName=a;AccountKey=secret-account-key',
      REDIS_URL: 'rediss://:secret-password@cache:10000',
      APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=secret-instrumentation',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    }
    writeFileSync(
      join(cwd, 'sim.yaml'),
      'deployments: { chat: { model: gpt-4o }, embed: { model: text-embedding-3-small } }',
    )
    const { out, errors } = await run('start --mode record --config sim.yaml', { env })
    expect(out.split('\n').slice(0, 9)).toEqual([
      'aoai-simulated-api is running in record mode; Ctrl+C stops it.',
      '  Endpoint: http://127.0.0.1:8000',
      '  Key:      ****',
      '  Deployments: chat, embed',
      '  Forwards to: name.openai.azure.com',
      '  Recordings: the container at acct.blob.core.windows.net',
      '  Limits: counted in Redis at cache:10000',
      '  Shared with other instances: the configuration, in the container state',
      '  Metrics: sent to Application Insights and collector:4318',
    ])
    expect(out + errors).not.toMatch(/secret|my-own-key|service-key/)
  })

  it('says what it still waits for when it is asked to stop', async () => {
    const errorsOf = async (open: number) => (await run('start', { open })).errors
    expect(await errorsOf(0)).toBe('')
    expect(await errorsOf(1)).toBe('Finishing 1 request; Ctrl+C again stops now.')
    expect(await errorsOf(3)).toBe('Finishing 3 requests; Ctrl+C again stops now.')
  })

  it('takes a key, a seed and no latency as flags', async () => {
    writeFileSync(
      join(cwd, 'sim.yaml'),
      'deployments:\n  c: { model: gpt-4, latency: { interToken: 5s } }\n  e: { model: text-embedding-3-small, latency: 1s }',
    )
    const { config, out } = await run(
      ['start', '--config', 'sim.yaml', '--key', 'a key with spaces', '--seed', '7', '--no-latency'],
      { env: { LATENCY_OPENAI_EMBEDDINGS_MEAN: '900' } },
    )
    const none = { mean: 0, stdDev: 0 }
    expect(config).toMatchObject({ apiKey: 'a key with spaces', seed: 7, replay: { speed: 0 } })
    expect(Object.values(config!.latency).map(({ unitMs }) => unitMs)).toEqual(Array(7).fill(none))
    expect(Object.values(config!.deployments).map(({ latency }) => latency)).toEqual([undefined, undefined])
    expect(out).toContain('sent at once (--no-latency).')
    expect((await run('start --seed x')).errors).toBe('--seed: found "x"; allowed: a whole number of 0 or more')
  })

  it('proposes a request that was recorded, as a shell takes it, or says that there is none', async () => {
    const env = { SIMULATOR_API_KEY: 'k' }
    expect((await run('start --mode replay', { env })).out).toMatch(
      /\nNothing that a line could ask for is recorded yet\.$/,
    )
    const request = {
      method: 'POST',
      path: '/openai/deployments/my-d/embeddings',
      query: { 'api-version': '2024-10-21' },
      contentType: 'application/json',
      body: jsonBody(`{"input":"it's"}`),
    }
    const response = { status: 200, headers: {}, body: jsonBody('{}') }
    const interaction = { request, response, durationMs: 1, usage: undefined, recordedAt: undefined }
    const store = fileStore(join(cwd, '.recording'))
    const { bytes, files } = toDocument(interaction, 'a'.repeat(32))
    for (const file of [{ name: 'a.yaml', bytes }, ...files])
      await store.create(`openai/deployments/my-d/embeddings/${file.name}`, file.bytes)
    expect((await run('start --mode replay', { env })).out.split('\n').at(-1)).toBe(
      `  curl 'http://127.0.0.1:8000/openai/deployments/my-d/embeddings?api-version=2024-10-21' ` +
        `-H "api-key: $SIMULATOR_API_KEY" -H 'Content-Type: application/json' --data-raw '{"input":"it'\\''s"}'`,
    )
  })

  it('reads of .env what can be meant for nothing else, and says what that was', async () => {
    writeFileSync(
      join(cwd, '.env'),
      'LOG_LEVEL=debug\nREDIS_URL=redis://app\nSIMULATOR_SEED=4\nRECORDING_DIR=recs\nSIMULATOR_API_KEY=of-file\n' +
        'AZURE_OPENAI_ENDPOINT=https://app.openai.azure.com\nPORT=9\n',
    )
    const { config, out, addresses } = await run('start', { env: { SIMULATOR_API_KEY: 'k' } })
    expect(config).toMatchObject({ logLevel: 'info', seed: 4, apiKey: 'k' })
    expect([config!.forward.endpoint, config!.redis.url]).toEqual([undefined, undefined])
    expect(addresses).toMatchObject([{ port: 8000 }])
    expect(out).toContain('  Read from .env: RECORDING_DIR, SIMULATOR_SEED\n')
    const recording = await run('start --mode record')
    expect(recording.config!.forward.endpoint).toBe('https://app.openai.azure.com')
    expect(recording.out).toContain(
      '  Read from .env: AZURE_OPENAI_ENDPOINT, RECORDING_DIR, SIMULATOR_API_KEY, SIMULATOR_SEED\n',
    )
  })

  it('serves https by a certificate of its own, and says how a client trusts it', async () => {
    const { addresses, out } = await run('start --tls --host 10.1.2.3')
    const { cert, file } = addresses[0]!.tls!
    const made = new X509Certificate(cert)
    expect(readFileSync(file!, 'utf8')).toBe(cert)
    expect(['127.0.0.1', '::1', '10.1.2.3'].map((address) => made.checkIP(address))).not.toContain(undefined)
    expect(made.checkHost('localhost')).toBe('localhost')
    expect(out).toContain(`  Clients must trust the certificate ${file}\n`)
    expect(out).toContain(`curl --cacert '${file}' "`)
  })

  it.each([
    ['--tls-cert a.pem', '--tls-cert and --tls-key go together.'],
    ['--tls-cert a.pem --tls-key b.pem', /^--tls-cert: a\.pem cannot be read: ENOENT/],
    ['--tls-cert bad.pem --tls-key bad.pem', /^--tls-cert, --tls-key: bad\.pem and bad\.pem do not go together: /],
  ])('refuses a certificate that is none: %s', async (args, message) => {
    writeFileSync(join(cwd, 'bad.pem'), 'no certificate')
    const { code, errors, addresses } = await run(`start ${args}`)
    expect(errors).toMatch(message)
    expect({ code, addresses }).toEqual({ code: 1, addresses: [] })
  })

  it('listens where it is told', async () => {
    expect((await run('start --port 0 --host 0.0.0.0')).addresses).toEqual([{ port: 0, host: '0.0.0.0' }])
  })

  it('listens where PORT says, and says so, unless a flag says otherwise', async () => {
    const given = await run('start', { env: { PORT: '8123' } })
    expect(given.addresses).toMatchObject([{ port: 8123, host: '127.0.0.1' }])
    expect(given.out).toContain('  Endpoint: http://127.0.0.1:8123 (the port is from PORT)\n')
    const flagged = await run('start --port 9000', { env: { PORT: '8123' } })
    expect(flagged.addresses).toMatchObject([{ port: 9000 }])
    expect(flagged.out).toContain('  Endpoint: http://127.0.0.1:9000\n')
    expect((await run('start', { env: { PORT: '' } })).addresses).toMatchObject([{ port: 8000 }])
  })

  it('refuses a PORT that is none', async () => {
    const { code, errors, addresses } = await run('start', { env: { PORT: 'tcp://10.0.0.1:80' } })
    expect({ code, errors, addresses }).toEqual({
      code: 1,
      errors: 'PORT: found "tcp://10.0.0.1:80"; allowed: a whole number from 0 to 65535',
      addresses: [],
    })
  })

  it.each(['70000', '-1', '80.5', 'http', '1e3'])('refuses the port %s', async (port) => {
    const { code, errors, addresses } = await run(`start --port=${port}`)
    expect(errors).toBe(
      `error: option '--port <number>' argument '${port}' is invalid. Allowed: a whole number from 0 to 65535.\n` +
        'Run with --help to see what is allowed.',
    )
    expect({ code, addresses }).toEqual({ code: 1, addresses: [] })
  })

  it('tells in one line why it cannot listen', async () => {
    const serve = () => Promise.reject(new Error('Port 8000 is already in use on 127.0.0.1.'))
    const { code, errors, out, events } = await run('start', { serve })
    expect({ code, errors, out }).toEqual({ code: 1, errors: 'Port 8000 is already in use on 127.0.0.1.', out: '' })
    expect(events).not.toContain('stopped')
  })

  it('tells every setting that is wrong, a line each, and does not start', async () => {
    const { code, errors, addresses } = await run('start --mode banana', {
      env: { SIMULATOR_SEED: 'x', SIMULATOR_SED: '1' },
    })
    expect(errors).toBe(
      'SIMULATOR_SEED: found "x"; allowed: a whole number of 0 or more\n' +
        '--mode: found "banana"; allowed: generate, record, replay',
    )
    expect({ code, addresses }).toEqual({ code: 1, addresses: [] })
  })

  it('warns of variables that have no effect', async () => {
    expect((await run('start', { env: { SIMULATOR_SED: '1' } })).errors).toBe(
      'Warning: SIMULATOR_SED: is not a variable of the simulator, and has no effect; did you mean SIMULATOR_SEED?',
    )
  })
})

describe('aoai-sim check', () => {
  it('prints each setting with where it came from, and masks the key', async () => {
    writeFileSync(
      join(cwd, 'sim.yaml'),
      'apiKey: my-own-key\ndeployments:\n  e: { model: text-embedding-3-small, latency: 1s }\n  c: { model: gpt-4, latency: { interToken: 5ms ± 1ms } }\n',
    )
    const { code, out, errors } = await run('check --config sim.yaml', {
      env: { LATENCY_OPENAI_EMBEDDINGS_MEAN: '7', SIMULATOR_SEED: '8' },
    })
    const lines = out.split('\n').map((line) => line.replace(/ +#/, ' #'))
    expect(lines.slice(0, 12)).toEqual([
      'mode: generate # from default',
      "apiKey: '****' # from sim.yaml",
      'allowUndefinedDeployments: true # from default',
      'undefinedDeployments: {}',
      'deployments:',
      '  e:',
      '    model: text-embedding-3-small # from sim.yaml',
      '    latency: 1s # from sim.yaml',
      '  c:',
      '    model: gpt-4 # from sim.yaml',
      '    latency:',
      '      interToken: 5ms ± 1ms # from sim.yaml',
    ])
    expect(lines).toContain('    interToken: 19ms ± 6ms # from default')
    expect(lines).toContain('  embeddings: 7ms ± 30ms # from LATENCY_OPENAI_EMBEDDINGS_MEAN and default')
    expect(lines).toContain('seed: 8 # from SIMULATOR_SEED')
    expect(out).not.toContain('my-own-key')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
  })

  it('checks another mode where it is told to', async () => {
    expect((await run('check --mode replay', { env: { SIMULATOR_API_KEY: 'k' } })).out).toMatch(
      /^mode: replay +# from --mode$/m,
    )
    expect((await run('check --mode record')).errors).toContain('AZURE_OPENAI_ENDPOINT: is required')
  })

  it('takes paths in sim.yaml from where that is, and names the setting that is wrong', async () => {
    mkdirSync(join(cwd, 'conf'))
    const file = join(cwd, 'conf', 'sim.yaml')
    writeFileSync(file, 'recording: { dir: recs }\nstate: { dir: ../shared }\nextensionPath: mine.mjs')
    writeFileSync(join(cwd, 'conf', 'mine.mjs'), `export default { name: 'mine' }`)
    const { out, errors } = await run('check --config conf/sim.yaml')
    expect(errors).toBe('')
    for (const path of ['conf/recs', 'shared', 'conf/mine.mjs']) expect(out).toContain(join(cwd, path))
    writeFileSync(file, 'extensionPath: none.mjs')
    expect((await run('check --config conf/sim.yaml')).errors).toMatch(/^conf\/sim\.yaml: extensionPath: found /)
  })

  it('tells that record mode lacks the service to record', async () => {
    const env = { SIMULATOR_MODE: 'record', SIMULATOR_API_KEY: 'k' }
    const { code, out, errors } = await run('check', { env })
    expect({ code, out, errors }).toEqual({
      code: 1,
      out: '',
      errors:
        'AZURE_OPENAI_ENDPOINT: is required: the address of the service that requests are forwarded to, ' +
        'as https://name.openai.azure.com',
    })
    const named = { ...env, AZURE_OPENAI_ENDPOINT: 'https://name.openai.azure.com' }
    expect(await run('check', { env: named })).toMatchObject({ code: 0, errors: '' })
  })

  it('ends with 1 and every problem where the configuration is wrong', async () => {
    const { code, out, errors } = await run('check', { env: { LOG_LEVEL: 'loud', SIMULATOR_MODE: 'x' } })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(errors.split('\n')).toHaveLength(2)
  })
})

describe('aoai-sim', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string
    }
    expect(await run('--version')).toMatchObject({ code: 0, out: version })
  })

  it.each(['--help', 'start --help', 'check --help'])('explains itself: %s', async (args) => {
    const { code, out } = await run(args)
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: aoai-sim/)
  })

  it.each([
    ['start --prot 1', "error: unknown option '--prot'"],
    ['check --port x', "error: unknown option '--port'"],
    ['stat', "error: unknown command 'stat'"],
    ['start extra', "error: too many arguments for 'start'"],
  ])('takes nothing it does not know: %s', async (args, message) => {
    const { code, errors, addresses } = await run(args)
    expect({ code, addresses }).toEqual({ code: 1, addresses: [] })
    expect(errors).toContain(message)
  })
})
