/** Settings of an instance among others, and of the embedded host. */
import * as z from 'zod'
import { choice, group, text, webAddress, whole } from './forms.ts'
import { connectionString, containerName, redisAddress, timeout } from './schema-kinds.ts'

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
      description: 'How long a call waits for an answer of Redis before its instance counts it alone.',
      default: '50ms',
    }),
    auth: choice(['auto', 'entra', 'url']).meta({
      description:
        'How to sign in: by an Entra token, by what the address says, or by a token where the address is of Azure ' +
        'and has no password.',
      default: 'auto',
    }),
  }).meta({ description: '', startOnly: true })

export const stateSetting = () =>
  group({
    dir: text('the path of a folder').optional().meta({
      env: 'SIMULATOR_STATE_DIR',
      description: 'A folder where instances share changes made at run time, and a sim.yaml.',
    }),
    containerUrl: webAddress('the https address of a Blob container').optional().meta({
      env: 'SIMULATOR_STATE_CONTAINER_URL',
      description: 'A Blob container for that, signed in to by @azure/identity or a signature in it.',
      secret: true,
    }),
    connectionString: connectionString().optional().meta({
      env: 'SIMULATOR_STATE_CONNECTION_STRING',
      description: 'A storage account that has the container, instead of its address.',
      secret: true,
    }),
    container: containerName().meta({
      env: 'SIMULATOR_STATE_CONTAINER',
      description: 'Name of the container in that account.',
      default: 'state',
    }),
    refresh: timeout().meta({
      description: 'How often an instance looks for changes while it has requests, give or take a quarter.',
      default: '3s',
    }),
  }).meta({ description: 'Where instances share their configuration.', startOnly: true })

export const serverSetting = () =>
  group({
    maxBodyBytes: whole(1, 1_073_741_824).meta({ description: 'Longest body of a request.', default: 33_554_432 }),
    maxHeaderBytes: whole(1_024, 1_048_576).meta({ description: 'Longest head of a request.', default: 32_768 }),
    headerTimeout: timeout().meta({ description: 'How long a head may take to arrive.', default: '10s' }),
    bodyTimeout: timeout().meta({ description: 'How long a body may take to arrive.', default: '60s' }),
    idleTimeout: timeout().meta({ description: 'How long a connection may stay idle.', default: '65s' }),
    cors: group({
      origins: z.array(text('an origin, as https://app.example:3000, or *'), { error: 'a list of origins' }).meta({
        description: 'Origins whose pages may ask the simulator from a browser; `*` lets all. The service lets none.',
        default: [],
      }),
    }),
    stopTimeout: timeout().meta({ description: 'How long a stop waits for what still runs.', default: '10s' }),
  }).meta({ description: 'The embedded host.', startOnly: true })
