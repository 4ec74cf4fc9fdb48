/**
 * `node scripts/official-suites.ts CHECKOUT`: runs the API resource tests of openai-node, openai-python or openai-go
 * against the simulator, through a small proxy that replaces the tests' ids (`file_id`, `vector_store_id` …) by ids that exist.
 * Prints the share that passes, for the surfaces that Azure has. `--verbose` prints each failed test with the answer that it
 * got.
 *
 * The suites are generated from a description. Where recordings of Azure differ from it, the proxy rewrites the answer and prints
 * the difference (`scripts/official-suites/differences.ts`); `--as-recorded` leaves the answers unchanged.
 *
 * The tests come from a checkout (`git clone github.com/openai/openai-node`). Node runs them with the SDK that is installed
 * here; Python with the interpreter that PYTHON names, into which the checkout and what its tests need are installed (those
 * of the asynchronous client run too where ASYNC is set); Go with the checkout itself.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startProxy } from './official-suites/proxy.ts'
import { runGoSuite } from './official-suites/go.ts'
import { runNodeSuite } from './official-suites/node.ts'
import { runPythonSuite } from './official-suites/python.ts'

const checkout = process.argv[2]
const isVerbose = process.argv.includes('--verbose')
const suites = { 'tests/api-resources': runNodeSuite, 'tests/api_resources': runPythonSuite, 'go.mod': runGoSuite }
const run = Object.entries(suites).find(([mark]) => existsSync(join(checkout ?? '', mark)))?.[1]
if (checkout === undefined || run === undefined) {
  process.stderr.write('Usage: node scripts/official-suites.ts CHECKOUT_OF_AN_OFFICIAL_SDK [--verbose]\n')
  process.exit(2)
}
const { url, refused, told, close } = await startProxy(process.argv.includes('--as-recorded'))
const tests = await run({ checkout, url, isVerbose })
close()
const failed = tests.filter(({ hasPassed }) => !hasPassed)
for (const { name, why } of failed) process.stdout.write(`failed: ${name}: ${why}\n`)
if (isVerbose) for (const [what, answer] of refused) process.stdout.write(`refused: ${what}: ${answer}\n`)
for (const [what, count] of told) process.stdout.write(`told as described, ${count} times: ${what}\n`)
const passed = tests.length - failed.length
const share = passed / Math.max(1, tests.length)
process.stdout.write(`${passed} of ${tests.length} passed: ${(100 * share).toFixed(1)} %\n`)
process.exitCode = share >= 0.95 ? 0 : 1
