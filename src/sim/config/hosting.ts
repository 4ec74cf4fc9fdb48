/** Settings of an instance among others, and of the embedded host. */
import * as z from 'zod'
import { choice, group, text, webAddress, whole } from './forms.ts'
import { connectionString, containerName, redisAddress, timeout } from './schema-kinds.ts'

/** A path or a closing slash would fit no page. */
const origin = () => {
  const allowed = 'an origin, as https://app.example:3000, or *'
  return text(allowed).regex(/^(?:\*|null|[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/?#]+)$/, { error: allowed })
}

export const redisSetting = () =>
  group({
    url: redisAddress()
      .optional()
      .meta({
        env: 'REDIS_URL',
        description:
          'Where instances count limits together, as redis://name:6379 or rediss://name:10000. Without it each counts ' +
          'alone.',
        secret: true,
      }),
    timeout: timeout().meta({
      description: 'How long a call waits for Redis before its instance counts it locally.',
      default: '50ms',
    }),
    auth: choice(['auto', 'entra', 'url']).meta({
      description:
        'How to sign in: by an Entra token, by what the address says, or by a token where the address is of Azure ' +
        'and has no password.',
      default: 'auto',
    }),
  }).meta({ description: 'Where instances count limits together.', startOnly: true })

export const stateSetting = () =>
  group({
    dir: text('the path of a folder').optional().meta({
      env: 'SIMULATOR_STATE_DIR',
      filePath: true,
      description: 'Folder where instances share a sim.yaml, changes made at run time, and what clients leave behind.',
    }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      env: 'SIMULATOR_STATE_CONTAINER_URL',
      description:
        'URL of a Blob container in place of that folder; signs in with @azure/identity, or with the SAS in the URL.',
      secret: true,
    }),
    connectionString: connectionString().optional().meta({
      env: 'SIMULATOR_STATE_CONNECTION_STRING',
      description: 'Connection string of the storage account, in place of the URL of the container.',
      secret: true,
    }),
    container: containerName().meta({
      env: 'SIMULATOR_STATE_CONTAINER',
      description: 'Name of the container in that account.',
      default: 'state',
    }),
    kept: choice(['on', 'off']).meta({
      description:
        'Whether what clients leave behind (stored responses, files, batches and so on) is kept there, too: it survives ' +
        'a restart then, and all instances have it.',
      default: 'on',
    }),
    refresh: timeout().meta({
      description: 'How often an instance looks for changes while it has requests (± 25 %).',
      default: '3s',
    }),
  }).meta({ description: 'Where instances share their configuration, and what clients leave behind.', startOnly: true })

export const serverSetting = () =>
  group({
    maxBodyBytes: whole(1, 1_073_741_824).meta({ description: 'Maximum size of a request body.', default: 33_554_432 }),
    maxBytesInFlight: whole(1_048_576).meta({
      description:
        'Maximum size of all long bodies (over 128 KB) that arrive or leave. Beyond it a request waits up to 2 s for ' +
        'room, and is answered with 503 then.',
      default: 134_217_728,
    }),
    maxHeaderBytes: whole(1_024, 1_048_576).meta({
      description: "Maximum size of a request's headers.",
      default: 32_768,
    }),
    headerTimeout: timeout().meta({ description: 'Timeout for receiving the headers.', default: '10s' }),
    bodyTimeout: timeout().meta({ description: 'Timeout for receiving the body.', default: '60s' }),
    idleTimeout: timeout().meta({ description: 'Time after which an idle connection is closed.', default: '65s' }),
    cors: group({
      origins: z.array(origin(), { error: 'a list of origins' }).meta({
        description:
          'Origins whose pages may call the simulator from a browser; `*` allows all. The service allows none.',
        default: [],
      }),
    }).meta({ description: 'Requests from web pages of other origins (CORS).' }),
    allowedHosts: z
      .array(text('the name of a host without a port, as sim.test, or *'), { error: 'a list of names of hosts' })
      .meta({
        description:
          'Names by which clients may reach a simulator that listens on this machine only, besides `localhost`, ' +
          'addresses and `hosts` of resources; `*` allows all. Any other is refused, as a web page could lead it here.',
        default: [],
      }),
    stopTimeout: timeout().meta({ description: 'How long a stop waits for what still runs.', default: '10s' }),
  }).meta({ description: 'The embedded host.', startOnly: true })
