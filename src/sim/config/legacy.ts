/** The Python simulator's JSON file of deployments: `{name: {model, tokensPerMinute, requestsPerMinute, embeddingSize}}`. */
import type { ConfigSource } from './read-source.ts'
import { isTree, put, type Tree } from './tree.ts'

/** `json` is the file as parsed. A key that only `sim.yaml` has is understood here too. */
export function fromLegacyDeployments(name: string, json: unknown): ConfigSource {
  return {
    name,
    isFile: true,
    takesAnySize: true,
    input: { deployments: isTree(json) ? renamed(json, renameSize) : json },
    pathText: ([, ...path]) => path.map(oldKey).join('.'),
  }
}

const oldKey = (key: string, at: number) => (at === 1 && key === 'dimensions' ? 'embeddingSize' : key)

const renameSize = (deployment: unknown) =>
  isTree(deployment) ? renamed(deployment, (value) => value, { embeddingSize: 'dimensions' }) : deployment

function renamed(tree: Tree, change: (value: unknown) => unknown, names: Readonly<Record<string, string>> = {}): Tree {
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tree)) {
    put(copy, Object.hasOwn(names, key) ? (names[key] ?? key) : key, change(value))
  }
  return copy
}
