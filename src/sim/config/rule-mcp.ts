/** What a rule says of the MCP servers that a request names: their tools, what they answer, and which is called. */
import * as z from 'zod'
import { group, text } from './forms.ts'

const server = () =>
  group({
    server: text("the server's label"),
    tools: z
      .array(
        group({
          name: text("a tool's name"),
          description: z.string({ error: 'a text' }).optional(),
          inputSchema: z.record(z.string(), z.unknown(), { error: 'a JSON schema' }).optional(),
          arguments: z.record(z.string(), z.unknown(), { error: 'a mapping' }).optional(),
          result: z.string({ error: 'a text' }).optional(),
          error: text('what the tool says went wrong').optional(),
        }),
        { error: 'a list of tools' },
      )
      .max(128, { error: 'at most 128 tools' }),
    call: text("a tool's name").optional(),
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
