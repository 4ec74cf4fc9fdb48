/** Agents of projects that were made elsewhere, in a portal or as code, so that requests may name them here. */
import * as z from 'zod'
import { group, whole } from './forms.ts'

const agent = () =>
  group({
    definition: z
      .record(z.string(), z.unknown(), { error: 'a mapping with `model`' })
      .refine(({ model }) => typeof model === 'string' && model !== '', {
        error: 'the name of a deployment',
        path: ['model'],
      })
      .meta({
        description:
          'What it is made of, as the API has it: `model` (a deployment), `instructions`, `tools`, and what else a request may say.',
      }),
    version: whole(1)
      .optional()
      .meta({ description: 'The one version that there is. Default: whichever a request names, else 1.' }),
    description: z.string({ error: 'a text' }).optional().meta({ description: 'Description of the agent.' }),
  })

export const agentNameForm = '1 to 128 letters, digits, "-", "_" and ".", beginning with a letter or digit'

export const agentsSetting = () =>
  z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/), agent(), { error: 'agents by name' }).meta({
    description:
      "Agents of a project that were made elsewhere, by name: { definition: { model, instructions, tools } }. The API's own are beside them.",
    default: {},
  })
