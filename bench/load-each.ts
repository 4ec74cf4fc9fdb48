/** Sends each request once: as fast as possible, or one by one with its time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { numberedRequest } from './cases.ts'
import { openConnection, type Connection } from './connection.ts'
import { residentBytes } from './proc.ts'
import { median } from './report.ts'

export type EachJob = {
  readonly port: number
  /** The server's process. */
  readonly pid: number
  readonly requests: number
  /** How many of them are different. */
  readonly different: number
}

export type EachOutcome = { readonly residentBytes: number | undefined }

const connections = 16

export async function runEach({ port, pid, requests, different }: EachJob): Promise<EachOutcome> {
  const open: Connection[] = []
  let sent = 0
  const next = () => numberedRequest(sent++ % different)
  await new Promise<void>((resolve, reject) => {
    let answered = 0
    const openOne = async () => {
      const connection = await openConnection(port, {
        onAnswer: (status) => {
          if (status !== 200) reject(new Error(`A request was answered with ${status}`))
          else if (++answered === requests) resolve()
          else if (sent < requests) connection.send(next())
        },
        onError: reject,
      })
      open.push(connection)
      if (sent < requests) connection.send(next())
    }
    Promise.all(Array.from({ length: connections }, openOne)).catch(reject)
  })
  const resident = residentBytes(pid)
  for (const connection of open) connection.close()
  return { residentBytes: resident }
}

const pauseMs = 4

export type LatencyJob = {
  /** The servers that get each request, one after the other. */
  readonly ports: readonly number[]
  readonly requests: number
  /** The number of the first, so that these requests were not sent before. */
  readonly first: number
}

/** What a request takes at each of the servers, in the middle. */
export type LatencyOutcome = { readonly medianMs: readonly (number | undefined)[] }

export async function runLatency({ ports, requests, first }: LatencyJob): Promise<LatencyOutcome> {
  const clients = await Promise.all(ports.map(openClient))
  const times: number[][] = ports.map(() => [])
  for (let number = first; number < first + requests; number++) {
    const request = numberedRequest(number)
    for (const [at, client] of clients.entries()) times[at]!.push(await client.ask(request))
    // What a server does after its answer, as writing a recording, is not to fall on the next one.
    await sleep(pauseMs)
  }
  for (const client of clients) client.close()
  // What comes first is compiled while it runs.
  return { medianMs: times.map((all) => median(all.slice(all.length >> 1))) }
}

async function openClient(port: number) {
  let settle: { resolve: () => void; reject: (error: Error) => void } | undefined
  const connection = await openConnection(port, {
    onAnswer: (status) => {
      if (status === 200) settle?.resolve()
      else settle?.reject(new Error(`A request was answered with ${status}`))
    },
    onError: (error) => settle?.reject(error),
  })
  const ask = async (request: Uint8Array) => {
    const startedAtMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
      connection.send(request)
    })
    return performance.now() - startedAtMs
  }
  return { ask, close: connection.close }
}
