/** The suite of openai-python, which checks every answer against the SDK's types. */
import { outputOf } from './suite.ts'
import type { Suite } from './suite.ts'

/** Tests of what Azure has. The others are about administration, about what Azure never had or has removed, or use no server. */
const surfaces = [
  ...['audio', 'test_batches.py', 'chat', 'test_completions.py', 'containers', 'test_containers.py', 'conversations'],
  ...[
    'test_conversations.py',
    'test_embeddings.py',
    'evals',
    'test_evals.py',
    'test_files.py',
    'fine_tuning/jobs',
    'fine_tuning/alpha',
  ],
  ...['fine_tuning/test_jobs.py', 'test_images.py', 'test_models.py', 'realtime/test_client_secrets.py', 'responses'],
  ...['test_responses.py', 'uploads', 'test_uploads.py', 'vector_stores', 'test_vector_stores.py', 'test_videos.py'],
]

/** Parts of these surfaces that Azure lacks (its description of v1 has no such path). */
const absent =
  /test_images\.py.*_create_variation|test_models\.py.*_delete|test_videos\.py.*_(?:character|edit|extend)\b/

export const runPythonSuite: Suite = async ({ checkout, url, isVerbose }) => {
  const python = process.env['PYTHON'] ?? 'python3'
  const words = ['-m', 'pytest', '-q', '-rA', '--tb=line', '--show-capture=no', '-p', 'no:cacheprovider']
  const chosen = process.env['ASYNC'] === undefined ? ['-k', 'not Async'] : []
  const paths = surfaces.map((surface) => `tests/api_resources/${surface}`)
  const output = await outputOf(python, [...words, ...chosen, ...paths], { folder: checkout, url, isVerbose })
  if (isVerbose) process.stdout.write(output)
  return [...output.matchAll(/^(PASSED|FAILED|ERROR) (\S+?(?:\[[^\]]*\])?)(?: - (.*))?$/gm)]
    .filter(([, , name = '']) => !absent.test(name))
    .map(([, state, name = '', why = '']) => ({ name, hasPassed: state === 'PASSED', why }))
}
