#!/usr/bin/env node
/** The command of the package, loaded with the code as Node compiled it the last time, where Node may keep that. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./command.ts')
