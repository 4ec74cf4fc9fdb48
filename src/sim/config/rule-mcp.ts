/** What a rule says of the MCP servers that a request names: their tools, what they answer, and which is called. */
import * as z from 'zod'
import { group, text } from './forms.ts'

const server = () =>
  group({
    server: text("the server's label").meta({ description: 'The `server_label` of the request that it stands for.' }),
    tools: z
      .array(
        group({
          name: text("a tool's name").meta({ description: 'Name of the tool.' }),
          description: z.string({ error: 'a text' }).optional().meta({ description: 'Description of the tool.' }),
          inputSchema: z
            .record(z.string(), z.unknown(), { error: 'a JSON schema' })
            .optional()
            .meta({ description: 'JSON schema of its arguments.' }),
          arguments: z
            .record(z.string(), z.unknown(), { error: 'a mapping' })
            .optional()
            .meta({ description: 'Arguments of the call. Default: drawn by its schema.' }),
          result: z.string({ error: 'a text' }).optional().meta({ description: 'Result of the call.' }),
          error: text('what the tool says went wrong')
            .optional()
            .meta({ description: 'Error message, in place of a result.' }),
        }),
        { error: 'a list of tools' },
      )
      .max(128, { error: 'at most 128 tools' })
      .meta({ description: 'Tools of the server.' }),
    call: text("a tool's name")
      .optional()
      .meta({ description: 'Name of the tool that is called. Default: drawn at random.' }),
  }).refine(({ tools, call }) => call === undefined || tools.some(({ name }) => name === call), {
    error: 'one of its tools',
    path: ['call'],
  })

export const mcpSetting = () =>
  z
    .union([server(), z.array(server()).max(16)], { error: '{ server, tools }, or a list of such' })
    .transform((given) => [given].flat())
    .optional()
    .meta({
      description:
        'What MCP servers have: { server, tools: [{ name, description, inputSchema, arguments, result, error }], call }.',
    })

export type McpServer = z.output<ReturnType<typeof server>>
