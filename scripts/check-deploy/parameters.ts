/** Compares `main.parameters.json`, with which azd fills parameters from its environment, with `main.bicep`. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BicepFile, Parameter } from './bicep.ts'
import type { Problem } from './problem.ts'

/** Variables that azd sets or asks for. */
const askedFor = new Set(['AZURE_ENV_NAME', 'AZURE_LOCATION'])

export function checkParameters(root: string, main: BicepFile): readonly Problem[] {
  const file = main.name.replace(/\.bicep$/, '.parameters.json')
  const text = readFileSync(path.join(root, file), 'utf8')
  const { parameters } = JSON.parse(text) as { parameters: Record<string, { value: unknown }> }
  const lines = text.split('\n')
  const problems: Problem[] = []
  const say = (name: string, message: string) => {
    const line = lines.findIndex((one) => one.includes(`"${name}"`)) + 1
    problems.push({ file, ...(line > 0 && { line }), message: `${name} ${message}` })
  }
  const variables = new Set<string>()
  for (const [name, { value }] of Object.entries(parameters)) {
    const parameter = main.parameters.find((one) => one.name === name)
    const [, variable, , fallback] = /^\$\{(\w+)(=(.*))?\}$/.exec(String(value)) ?? []
    if (!parameter) say(name, `is no parameter of ${main.name}`)
    else if (variable === undefined) say(name, 'is not filled from one variable')
    else {
      if (variables.has(variable)) say(name, `is filled from ${variable}, as another is`)
      variables.add(variable)
      checkFallback(parameter, { variable, fallback }, (message) => say(name, message))
    }
  }
  for (const { name, line } of main.parameters)
    if (!(name in parameters)) problems.push({ file: main.name, line, message: `${name} is missing in ${file}` })
  return problems
}

type Source = { readonly variable: string; readonly fallback: string | undefined }

function checkFallback(parameter: Parameter, { variable, fallback }: Source, say: (message: string) => void): void {
  const { type, allowed, isGenerated, isSecure } = parameter
  if (isGenerated) {
    if (parameter.fallback || fallback !== undefined) say('has a default, so that azd never makes one')
    return
  }
  if (isSecure) {
    say('is a secret that azd does not make')
    return
  }
  if (fallback === undefined) {
    if (!askedFor.has(variable)) say(`has no default for ${variable}, so that azd asks for it`)
    return
  }
  if (type === 'bool' && !/^(true|false)$/.test(fallback)) say(`must be true or false, but is ${fallback}`)
  if (type === 'int' && !/^\d+$/.test(fallback)) say(`must be a whole number, but is ${fallback}`)
  if (allowed && !allowed.includes(fallback)) say(`must be one of ${allowed.join(', ')}, but is ${fallback}`)
  const inBicep = parameter.fallback && 'text' in parameter.fallback ? parameter.fallback.text : undefined
  if (inBicep !== undefined && inBicep !== fallback)
    say(`is ${fallback} by default here, and ${inBicep} in the Bicep file`)
}
