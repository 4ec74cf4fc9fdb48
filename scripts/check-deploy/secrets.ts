/** A secret is marked as one wherever it goes; else it stands in the history of deployments for all to read. */
import path from 'node:path'
import type { BicepFile } from './bicep.ts'
import type { Problem } from './problem.ts'

/** `files` by name. */
export function checkSecrets(files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  return [...files.values()].flatMap((file) => [...checkMade(file), ...checkPassedOn(file, files)])
}

/** What azd draws is a secret. */
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
