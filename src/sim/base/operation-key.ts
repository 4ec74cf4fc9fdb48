/** The name of an operation in settings, rules and extensions. */

type Named = {
  readonly match: { readonly operation: { readonly name: string; readonly path: string }; readonly surface: string }
}

/** `chatCompletions` from `/chat/completions`, or the name of an extension's own. */
export const operationKeyOf = ({ match: { operation, surface } }: Named): string =>
  surface === 'own' ? operation.name : keyOfPath(operation.path)

const known = new Map<string, string>()

/** There are as many as there are operations. */
export function keyOfPath(path: string): string {
  let key = known.get(path)
  if (key === undefined) known.set(path, (key = made(path)))
  return key
}

function made(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .map((part, at) => (at === 0 ? part : part.slice(0, 1).toUpperCase() + part.slice(1)))
    .join('')
}
