/** A page that something between the client and the service made up. */
import type { Fault } from './fault.ts'
import { discard } from './flow.ts'

const page =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n'

export const wrongType: Fault = (plan, { status = 502 }) => {
  discard(plan)
  const atMs = plan.body.kind === 'whole' ? plan.body.atMs : 0
  const { usage, origin } = plan
  const kept = origin ? { usage, origin } : { usage }
  return { ...kept, status, contentType: 'text/html', isRelayed: true, body: { kind: 'whole', atMs, data: page } }
}
