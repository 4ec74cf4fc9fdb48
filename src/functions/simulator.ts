/** What the Functions host loads: one function that takes every request. */
import { app } from '@azure/functions'
import { toFunctionHandler } from '../host/functions.ts'
import { simulator } from '../host/simulator.ts'

app.setup({ enableHttpStream: true })

// What was recorded and is still in memory is written before the worker goes.
app.hook.appTerminate(() => simulator.close())

app.http('simulator', {
  route: '{*path}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'],
  authLevel: 'anonymous',
  handler: toFunctionHandler(simulator),
})
