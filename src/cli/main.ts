#!/usr/bin/env node
/** The command of the package, loaded with the code as Node compiled it the last time, where Node may keep that. */
import module from 'node:module'

// Older versions of Node have none, and start all the same.
;(module as { enableCompileCache?: () => unknown }).enableCompileCache?.()
await import('./command.ts')
