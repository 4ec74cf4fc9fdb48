/** What the Functions host loads: the app, with the code as Node compiled it the last time, where Node may keep that. */
import module from 'node:module'

// Older versions of Node have none, and start all the same.
;(module as { enableCompileCache?: () => unknown }).enableCompileCache?.()
await import('./app.ts')
