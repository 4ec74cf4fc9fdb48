/** The suite of openai-go. */
import { outputOf } from './suite.ts'
import type { Suite } from './suite.ts'

/** Tests of what Azure has. The others are about administration, about what Azure never had or has removed, or use no server. */
const surfaces =
  '^Test(?:Audio|Batch|ChatCompletion|Completion|Container|Conversation|ClientSecret|Embedding|Eval|File|FineTuning(?:Job|AlphaGrader)|Image|InputItem|InputToken|Item|Model|Response|Upload|VectorStore|Video)[A-Z]'

/** Parts of these surfaces that Azure lacks (its description of v1 has no such path). */
const absent = /^Test(?:ImageNewVariation|ModelDelete|Video(?:NewCharacter|GetCharacter|Edit|Extend))/

type Line = { readonly Action: string; readonly Package: string; readonly Test?: string; readonly Output?: string }

export const runGoSuite: Suite = async ({ checkout, url, isVerbose }) => {
  const packages = ['.', './conversations', './realtime', './responses']
  const words = ['test', '-json', '-count=1', '-run', surfaces, ...packages]
  const output = await outputOf('go', words, { folder: checkout, url, isVerbose })
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const told = lines.map((line) => JSON.parse(line) as Line)
  const saidOf = (of: string, test: string) =>
    told.map(({ Package, Test, Output = '' }) => (Package === of && Test === test ? Output : '')).join('')
  return told
    .filter(({ Action, Test = '' }) => /^(?:pass|fail)$/.test(Action) && Test !== '' && !absent.test(Test))
    .map(({ Action, Package, Test = '' }) => ({
      name: Test,
      hasPassed: Action === 'pass',
      why: /err should be nil: [^]{0,300}/.exec(saidOf(Package, Test))?.[0] ?? '',
    }))
}
