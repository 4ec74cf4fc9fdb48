/**
 * A Functions app in a process of its own, loaded as the worker loads it: from its folder, by its `package.json`'s
 * `main`, with the module that only the worker has. Tells its parent where it listens, and on each message which of the
 * app's files were read so far. Run with the folder of the app; it stops when its parent lets go of it.
 */
import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installFunctionsCore, serveRegistered, streamingServerUrl, terminateApp } from './functions-core.ts'

const folder = process.argv[2]!
const read: string[] = []
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) read.push(path.relative(folder, fileURLToPath(url)).split(path.sep).join('/'))
    return next(url, context)
  },
})

installFunctionsCore()
process.chdir(folder)
const { main } = JSON.parse(readFileSync('package.json', 'utf8')) as { main: string }
const files = globSync(main)
if (files.length === 0) throw new Error(`No file fits "${main}", which package.json names as main`)
for (const file of files) await import(pathToFileURL(path.resolve(file)).href)
const { url, failures } = await serveRegistered(await streamingServerUrl())

process.on('message', () => process.send?.({ read, failures: failures.map(String) }))
process.once('disconnect', () => void terminateApp().finally(() => process.exit()))
process.send?.(url)
