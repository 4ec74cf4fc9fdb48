/**
 * A stand-in for the Azure Functions host and its worker, in this process: it supplies the module
 * `@azure/functions-core`, which only the real worker has, and so drives the real `@azure/functions` library with its
 * streaming server. What it does is read from the library's own use of that module, version 4.16.5.
 */
import type * as Library from '@azure/functions'
import { randomUUID } from 'node:crypto'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import Module, { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'

type Callback = (...args: unknown[]) => unknown
type Invocation = {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<unknown>
}
type Model = {
  getInvocationModel(core: object): Invocation
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>
}
type Registered = { readonly metadata: { bindings: Record<string, object> }; readonly callback: Callback }

const hooks: { readonly name: string; readonly callback: Callback }[] = []

/** As the host does before it stops the worker. */
export async function terminateApp(): Promise<void> {
  for (const { name, callback } of hooks) if (name === 'appTerminate') await callback({ hookData: {}, appHookData: {} })
}

let model: Model | undefined
let registered: Registered | undefined
/** What is served now; the library registers functions once in a process. */
let current: Library.HttpHandler | undefined
let streamingUrl: Promise<string> | undefined

const core = {
  version: '0.0.0',
  hostVersion: '4.1037.0.0',
  setProgrammingModel: (given: Model) => (model = given),
  getProgrammingModel: () => model,
  registerFunction: (metadata: Registered['metadata'], callback: Callback) => (registered = { metadata, callback }),
  registerHook: (name: string, callback: Callback) => hooks.push({ name, callback }),
  log: () => undefined,
}

/**
 * Serves a handler as the Functions host would, on a free port of 127.0.0.1. The handler is given ready, so that nothing
 * of the simulator's source is in a process that loads an app which was built.
 */
export async function startFunctionsHost(handler: Library.HttpHandler) {
  streamingUrl ??= startLibrary()
  const proxied = await streamingUrl
  current = handler
  return serveRegistered(proxied)
}

/** From here on the library finds the module that only the worker has. */
export function installFunctionsCore(): void {
  const loader = Module as unknown as { _load: (id: string, ...rest: unknown[]) => unknown }
  const load = loader._load
  loader._load = function (id, ...rest) {
    return id === '@azure/functions-core' ? core : load.call(this, id, ...rest)
  }
}

/** Where the library takes requests, once a function is registered. */
export async function streamingServerUrl(): Promise<string> {
  const { HttpUri } = await model!.getCapabilities({})
  return HttpUri!
}

/** Forwards what comes to a free port of 127.0.0.1 to the function that was registered. */
export async function serveRegistered(streamingServer: string) {
  const proxied = new URL(streamingServer)
  /** Why an invocation failed: the real host then leaves its client waiting. */
  const failures: unknown[] = []
  const server = createServer((incoming, outgoing) => {
    void forward(incoming, outgoing, proxied).catch((error: unknown) => {
      failures.push(error)
      outgoing.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function startLibrary(): Promise<string> {
  installFunctionsCore()
  const { app } = createRequire(import.meta.url)('@azure/functions') as typeof Library
  app.setup({ enableHttpStream: true })
  app.http('simulator', {
    route: '{*path}',
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    authLevel: 'anonymous',
    handler: (request, context) => current!(request, context),
  })
  return streamingServerUrl()
}

/** As the host does it: the invocation over one channel, the request itself over HTTP to the library's own server. */
async function forward(incoming: IncomingMessage, outgoing: ServerResponse, proxied: URL): Promise<void> {
  const { methods } = trigger()[1]
  if (!methods?.includes(incoming.method!)) {
    outgoing.writeHead(404).end()
    return
  }
  const id = randomUUID()
  const query = new URL(incoming.url!, 'http://host').searchParams
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)

  const request = httpRequest(proxied, {
    path: incoming.url!,
    method: incoming.method!,
    headers: {
      ...headers,
      'x-ms-invocation-id': id,
      'x-forwarded-host': headers['host'] ?? '',
      'x-forwarded-proto': 'http',
    },
  })
  request.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode!, endToEnd(answer.rawHeaders))
    outgoing.flushHeaders()
    answer.pipe(outgoing)
  })
  // The worker is not told that a client has gone: only the connection to it is closed.
  request.on('error', () => outgoing.destroy())
  outgoing.on('close', () => request.destroy())
  incoming.pipe(request)

  const invocation = model!.getInvocationModel({
    invocationId: id,
    metadata: { name: 'simulator', ...registered!.metadata },
    log: () => undefined,
    request: { inputData: [{ name: trigger()[0], data: { http: {} } }], triggerMetadata: bindingData(query, headers) },
  })
  const { context, inputs } = await invocation.getArguments()
  const result = await invocation.invokeFunction(context, inputs, registered!.callback)
  await invocation.getResponse(context, result)
}

/** A query parameter named `headers` takes the place of the headers: the host only adds them where there is none. */
function bindingData(query: URLSearchParams, headers: Record<string, string>): Record<string, object> {
  const data: Record<string, object> = {}
  for (const [name, value] of query) data[name.toLowerCase() === 'headers' ? 'Headers' : name] = { string: value }
  data['Headers'] ??= { json: JSON.stringify(headers) }
  return data
}

type Trigger = { readonly type: string; readonly methods?: readonly string[] }

function trigger(): [name: string, binding: Trigger] {
  const bindings = Object.entries(registered!.metadata.bindings) as [string, Trigger][]
  return bindings.find(([, { type }]) => type === 'httpTrigger')!
}

function endToEnd(rawHeaders: string[]): string[] {
  return rawHeaders.filter((_, at) => !/^(connection|keep-alive|transfer-encoding)$/i.test(rawHeaders[at & ~1]!))
}
