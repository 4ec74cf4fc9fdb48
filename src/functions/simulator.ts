/** What the Functions host loads: the app, with the code as Node compiled it the last time, where Node may keep that. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./app.ts')
