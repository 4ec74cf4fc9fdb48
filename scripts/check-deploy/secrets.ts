/** A secret must be marked as one everywhere; otherwise everyone can read it in the history of deployments. */
import path from 'node:path'
import type { BicepFile } from './bicep.ts'
import type { Problem } from './problem.ts'

/** `files` by name. */
export function checkSecrets(files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  return [...files.values()].flatMap((file) => [...checkMade(file), ...checkPassedOn(file, files)])
}

/** Values that azd generates are secrets. */
const checkMade = ({ name: file, parameters }: BicepFile): readonly Problem[] =>
  parameters
    .filter(({ isGenerated, isSecure }) => isGenerated && !isSecure)
    .map(({ name, line }) => ({ file, line, message: `${name} is made by azd and must be @secure()` }))

function checkPassedOn(from: BicepFile, files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  const secrets = from.parameters.filter(({ isSecure, isGenerated }) => isSecure || isGenerated).map(({ name }) => name)
  return from.modules.flatMap(({ file, body }) => {
    const name = path.posix.join(path.posix.dirname(from.name), file)
    const given = body.kind === 'object' ? body.members.find((member) => member.name === 'params')?.value : undefined
    const members = given?.kind === 'object' ? given.members : []
    return members.flatMap((member) => {
      const source = member.value.kind === 'unknown' ? member.value.source.split(/\W+/) : []
      const to = files.get(name)?.parameters.find((parameter) => parameter.name === member.name)
      if (!to || to.isSecure || !source.some((word) => secrets.includes(word))) return []
      return [{ file: name, line: to.line, message: `${to.name} is given a secret and must be @secure()` }]
    })
  })
}
