/** Settings of webhooks: where events may be sent, and how long and how often that is tried. */
import * as z from 'zod'
import { addressForm, isListable } from '../base/allowed-address.ts'
import { group, text, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const webhooksSetting = () =>
  group({
    allow: z
      .array(text(addressForm).refine(isListable, { error: addressForm }), {
        error: 'a list of hosts',
      })
      .meta({
        description: 'Hosts, or beginnings of URLs, that events may be sent to; an endpoint elsewhere is refused.',
        default: ['localhost', '127.0.0.1', '[::1]'],
      }),
    timeout: timeout().meta({ description: 'How long an endpoint may take to answer.', default: '10s' }),
    maxRetries: whole(0, 20).meta({
      description: 'Number of times that an event is sent again after a failure.',
      default: 5,
    }),
  }).meta({ description: 'Webhooks: events of background responses, batches and jobs, sent with a signature.' })
