/** Settings of webhooks: where events may be sent, and how long and how often that is tried. */
import * as z from 'zod'
import { group, text, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

const hostForm = 'the name of a host, with or without a port, as localhost or hooks.example.com:8443'

export const webhooksSetting = () =>
  group({
    allow: z
      .array(text(hostForm).regex(/^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/, { error: hostForm }), {
        error: 'a list of hosts',
      })
      .meta({
        description: 'Hosts that events may be sent to; an endpoint elsewhere is refused.',
        default: ['localhost', '127.0.0.1', '[::1]'],
      }),
    timeout: timeout().meta({ description: 'How long an endpoint may take to answer.', default: '10s' }),
    maxRetries: whole(0, 20).meta({ description: 'How often an event is sent again that was not taken.', default: 5 }),
  }).meta({ description: 'Webhooks: events of background responses, batches and jobs, sent with a signature.' })
