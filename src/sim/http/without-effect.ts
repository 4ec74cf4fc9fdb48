/** Tells the operator, once for each, of parameters that are taken and change nothing. */
import { isObject } from '../base/object.ts'
import type { TellOnce } from '../base/tell-once.ts'
import type { AnyDeploymentOperation } from '../operation.ts'

export type WithoutEffect = (operation: AnyDeploymentOperation, body: unknown) => void

export const createWithoutEffect =
  (tellOnce: TellOnce): WithoutEffect =>
  ({ name, withoutEffect = [], unused }, body) => {
    if (!isObject(body)) return
    const tell = (what: string) =>
      tellOnce(`${what} of ${name} is taken, and changes nothing of the answer: see docs/fidelity.md.`)
    for (const what of unused?.(body) ?? []) tell(what)
    for (const parameter of withoutEffect) {
      const value = body[parameter]
      if (value === undefined || value === null || value === false) continue
      tell(parameter)
    }
  }
