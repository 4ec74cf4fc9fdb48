/** A whole API in a few lines: `curl -H 'api-key: …' -d hello http://127.0.0.1:8000/echo` answers `Echo: hello`. */
import { defineExtension } from 'aoai-simulated-api/extension'

export default defineExtension({
  name: 'echo',
  operations: [
    {
      name: 'echo',
      method: 'POST',
      path: '/echo',
      handle: async (request) => ({ body: `Echo: ${await request.text()}` }),
    },
  ],
})
