/** `azure.yaml`, against what it names: the Bicep files, the services' tags, the package and the hooks. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import type { BicepFile } from './bicep.ts'
import type { Problem } from './problem.ts'
import { valueAt } from './rules.ts'

type Service = {
  readonly project: string
  readonly host: string
  readonly dist?: string
  readonly remoteBuild?: boolean
  readonly docker?: { readonly path?: string }
}
type Project = {
  readonly infra?: { readonly path?: string; readonly module?: string }
  readonly services: Readonly<Record<string, Service>>
  readonly hooks?: Readonly<Record<string, { readonly run: string; readonly interactive?: boolean }>>
}

const file = 'azure.yaml'

export function checkAzureYaml(root: string, files: ReadonlyMap<string, BicepFile>): readonly Problem[] {
  const project = load(readFileSync(path.join(root, file), 'utf8')) as Project
  const problems: Problem[] = []
  const say = (message: string) => problems.push({ file, message })
  const isThere = (name: string) => existsSync(path.join(root, name))

  const main = path.posix.join(project.infra?.path ?? 'infra', `${project.infra?.module ?? 'main'}.bicep`)
  if (!files.has(main)) say(`there is no ${main}`)
  for (const [name, { run }] of Object.entries(project.hooks ?? {}))
    if (!isThere(run)) say(`there is no ${run}, which the hook ${name} runs`)
    else
      for (const wanted of readBy(path.join(root, run)))
        if (!files.get(main)?.outputs.includes(wanted))
          say(`${main} has no output ${wanted}, which the hook ${name} reads`)
  if (project.hooks?.postdeploy && project.hooks.postdeploy.interactive !== true)
    say('the hook postdeploy must be interactive, else azd discards what it prints')

  const tagged = [...files.values()].flatMap(({ modules }) =>
    modules.flatMap(({ body }) => {
      const tag = valueAt(body, ['params', 'serviceName'])
      return tag?.kind === 'text' ? [tag.text] : []
    }),
  )
  for (const tag of tagged) if (!project.services[tag]) say(`there is no service ${tag}, which the Bicep files deploy`)
  for (const [name, service] of Object.entries(project.services)) {
    if (!tagged.includes(name)) say(`no resource is tagged as the service ${name}`)
    for (const message of checkService(service, isThere, root)) say(`${name}: ${message}`)
  }
  return problems
}

/** The outputs that a hook takes from its environment. */
const readBy = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name)

function checkService(service: Service, isThere: (name: string) => boolean, root: string): readonly string[] {
  const { project, host, remoteBuild, docker } = service
  const inProject = (name: string) => path.posix.join(project, name)
  if (host === 'containerapp') {
    const dockerfile = inProject(docker?.path ?? 'Dockerfile')
    return isThere(dockerfile) ? [] : [`there is no ${dockerfile}`]
  }
  const ignore = path.join(root, inProject('.funcignore'))
  const lines = existsSync(ignore) ? readFileSync(ignore, 'utf8').split('\n') : []
  const leavesModulesOut = lines.some((line) => /^\/?node_modules\/?$/.test(line.trim()))
  // azd refuses both: a build in Azure that is sent its modules, and none that is not sent them.
  if (remoteBuild === true && !leavesModulesOut) return ['remoteBuild is true, so .funcignore must name node_modules']
  if (remoteBuild === false && leavesModulesOut)
    return ['remoteBuild is false, so .funcignore must not name node_modules']
  return []
}

/** The folders that azd zips for Functions. */
export function packageFolders(root: string): readonly string[] {
  const { services } = load(readFileSync(path.join(root, file), 'utf8')) as Project
  return Object.values(services)
    .filter(({ host }) => host === 'function')
    .map(({ project, dist = '.' }) => path.posix.join(project, dist))
}
