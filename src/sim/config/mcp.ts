/** Settings of MCP servers: which may be asked for their tools, and how long they may take. */
import * as z from 'zod'
import { addressForm, isListable } from '../base/allowed-address.ts'
import { group, text } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const mcpServersSetting = () =>
  group({
    servers: z
      .array(text(addressForm).refine(isListable, { error: addressForm }), { error: 'a list of addresses' })
      .max(100, { error: 'at most 100 addresses' })
      .meta({
        description:
          'Addresses of real MCP servers that requests may name: a host, with or without a port, or the beginning of a URL. Tools of all others are made up, and nobody is asked. Needs the package @modelcontextprotocol/sdk.',
        default: [],
      }),
    timeout: timeout().meta({
      description: 'How long a server may take to connect, to list its tools, and for each call.',
      default: '30s',
    }),
  }).meta({ description: 'Real MCP servers whose tools the Responses API and Realtime sessions may list and call.' })
