/** The app of Azure Functions: one function that takes every request. */
import { app } from '@azure/functions'
import { toFunctionHandler } from '../host/functions.ts'
import { startInWorker } from '../host/simulator.ts'

const simulator = await startInWorker()

app.setup({ enableHttpStream: true })

// What was recorded and is still in memory is written before the worker goes.
app.hook.appTerminate(() => simulator.close().catch((error: unknown) => console.error(String(error))))

app.http('simulator', {
  route: '{*path}',
  // Not TRACE: the library makes no request of it, and the client would wait for minutes.
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  authLevel: 'anonymous',
  handler: toFunctionHandler(simulator),
})
