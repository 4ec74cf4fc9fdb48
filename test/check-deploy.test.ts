/** The offline check of the deployment: nothing is wrong with the project's own, and it finds what is planted. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkDeployment } from '../scripts/check-deploy/check.ts'
import { checkByCompiler, findCompiler } from '../scripts/check-deploy/compiler.ts'
import { toLine } from '../scripts/check-deploy/problem.ts'
import { packageApp } from '../scripts/package.mjs'

const root = path.dirname(import.meta.dirname)
const place = mkdtempSync(path.join(tmpdir(), 'check-deploy-'))
const packed = path.join(place, 'packed')

/** All that the check reads, but for the package. */
const parts = ['azure.yaml', 'bicep', 'scripts/show-endpoint.js', '.funcignore', 'host.json', 'local.settings.json']
const others = ['compose.yaml', 'Dockerfile', '.github', 'helm']

beforeAll(() => packageApp(packed))
afterAll(() => rmSync(place, { recursive: true, force: true }))

let copies = 0
/** A copy of the deployment's files. */
function copy(): string {
  const to = path.join(place, `copy-${copies++}`)
  mkdirSync(to)
  for (const name of [...parts, ...others]) cpSync(path.join(root, name), path.join(to, name), { recursive: true })
  return to
}

type Edit = { readonly file: string; readonly from: string; readonly to: string }

function change(folder: string, { file, from, to }: Edit): void {
  const name = path.join(folder, file)
  const text = readFileSync(name, 'utf8')
  expect(text).toContain(from)
  writeFileSync(
    name,
    text.replace(from, () => to),
  )
}

async function problemsWith(edit?: Edit): Promise<readonly string[]> {
  const folder = copy()
  const isOfPackage = edit?.file.startsWith('deploy/')
  if (isOfPackage) cpSync(packed, path.join(folder, 'deploy'), { recursive: true })
  if (edit) change(folder, edit)
  const problems = (await checkDeployment(folder, isOfPackage ? undefined : packed)).map(toLine)
  rmSync(folder, { recursive: true })
  return problems
}

describe('the check of the deployment', () => {
  it('finds nothing wrong with the deployment as it is', async () => {
    expect(await problemsWith()).toEqual([])
  })

  const site = 'bicep/modules/function-app.bicep'
  const storage = 'bicep/modules/storage.bicep'
  const main = 'bicep/main.bicep'

  /** One edit each, and what is said of it and of nothing else. */
  const faults: readonly (readonly [what: string, edit: Edit, found: RegExp])[] = [
    [
      'a file that does not parse',
      { file: 'bicep/modules/identity.bicep', from: 'tags: tags\n}', to: 'tags tags\n}' },
      /identity\.bicep: does not parse: bicep build says where/,
    ],
    [
      'a value that an enumeration does not have',
      { file: site, from: "type: 'UserAssignedIdentity'", to: "type: 'UserAssigned'" },
      /type is 'UserAssigned', but must be one of .*UserAssignedIdentity/,
    ],
    [
      'a parameter for which azd would stop and ask',
      { file: 'bicep/main.parameters.json', from: '${SIMULATOR_MODE=generate}', to: '${SIMULATOR_MODE}' },
      /main\.parameters\.json:\d+: simulatorMode has no default for SIMULATOR_MODE, so that azd asks for it/,
    ],
    [
      'the id of another role',
      { file: storage, from: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', to: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
      /storageBlobDataOwner is 2a2b9908-.*, which is no role that is known here/,
    ],
    [
      'a setting that Flex Consumption refuses',
      { file: site, from: 'union(settings, {', to: "union(settings, {\n    FUNCTIONS_WORKER_RUNTIME: 'node'" },
      /FUNCTIONS_WORKER_RUNTIME must not be set on Flex Consumption/,
    ],
    [
      'a package whose main is not there',
      { file: 'deploy/package.json', from: '"main": "index.mjs"', to: '"main": "main.mjs"' },
      /deploy\/package\.json: names main\.mjs as main, which is not there/,
    ],
    [
      'a storage account that takes keys',
      { file: storage, from: 'allowSharedKeyAccess: false', to: 'allowSharedKeyAccess: true' },
      /properties\.allowSharedKeyAccess of Microsoft\.Storage\/storageAccounts must be false/,
    ],
    [
      'the key as a plain setting',
      { file: site, from: "'@Microsoft.KeyVault(SecretUri=${apiKeySecretUri})'", to: 'apiKeySecretUri' },
      /SIMULATOR_API_KEY must be a reference to the key vault/,
    ],
    [
      'a setting that the app does not read',
      { file: main, from: '  LOG_LEVEL: logLevel', to: '  LOGLEVEL: logLevel' },
      /the app reads no LOGLEVEL; the nearest is LOG_LEVEL/,
    ],
    [
      'a secret with a default, which azd then never makes',
      { file: main, from: 'param simulatorApiKey string', to: "param simulatorApiKey string = 'changeme-changeme'" },
      /simulatorApiKey has a default, so that azd never makes one/,
    ],
    [
      'a resource that is not tagged',
      { file: 'bicep/modules/identity.bicep', from: '  tags: tags\n', to: '' },
      /Microsoft\.ManagedIdentity\/userAssignedIdentities has no tags/,
    ],
    [
      'a service that no resource is tagged for',
      { file: 'azure.yaml', from: '  api:\n', to: '  web:\n' },
      /azure\.yaml: no resource is tagged as the service web/,
    ],
    [
      'an ignore file that azd takes for a wish to build in Azure',
      { file: '.funcignore', from: 'scripts\n', to: 'scripts\nnode_modules\n' },
      /api: remoteBuild is false, so \.funcignore must not name node_modules/,
    ],
    [
      'a word that azure.yaml does not have',
      { file: 'azure.yaml', from: '    dist: deploy', to: '    distribution: deploy' },
      /azure\.yaml: services\.api: there is no such thing as distribution/,
    ],
    [
      'a step of a workflow that neither runs nor uses anything',
      { file: '.github/workflows/deploy.yml', from: '      - run: npm ci\n', to: '      - name: npm ci\n' },
      /deploy\.yml: jobs\.deploy\.steps\.\d+: must match exactly one schema in oneOf/,
    ],
    [
      'a service of compose with a word that it does not have',
      { file: 'compose.yaml', from: '    restart: unless-stopped', to: '    restarts: unless-stopped' },
      /compose\.yaml: services\.simulator: there is no such thing as restarts/,
    ],
    [
      'a time-out, after which the host would cut every stream',
      { file: 'host.json', from: '"functionTimeout": "-1"', to: '"functionTimeout": "00:30:00"' },
      /host\.json: functionTimeout: must be equal to one of the allowed values/,
    ],
    [
      'headers of more than 16 KB left without an answer',
      { file: site, from: "    languageWorkers__node__arguments: '--max-http-header-size=65536'\n", to: '' },
      /languageWorkers__node__arguments of Microsoft\.Web\/sites\/config must be --max-http-header-size=65536/,
    ],
    [
      'publishing by a password',
      { file: site, from: 'properties: { allow: false }', to: 'properties: { allow: true }' },
      /properties\.allow of Microsoft\.Web\/sites\/basicPublishingCredentialsPolicies must be false/,
    ],
    [
      'a prefix before the paths of the service',
      { file: 'host.json', from: '"routePrefix": ""', to: '"routePrefix": "api"' },
      /host\.json: extensions\.http\.routePrefix: must be equal to one of the allowed values/,
    ],
    [
      'the tag of the service misspelt',
      { file: site, from: "'azd-service-name'", to: "'azd-service'" },
      /Microsoft\.Web\/sites needs the tag azd-service-name/,
    ],
    [
      'the tag of the environment missing',
      { file: main, from: "{ 'azd-env-name': environmentName }", to: '{ environment: environmentName }' },
      /Microsoft\.Resources\/resourceGroups needs the tag azd-env-name/,
    ],
    [
      'a key that azd makes and that is not secure',
      { file: main, from: '@secure()\n', to: '' },
      /simulatorApiKey is made by azd and must be @secure\(\)/,
    ],
    [
      'a key that is handed on and no longer secure',
      { file: 'bicep/modules/key-vault.bicep', from: '@secure()\n', to: '' },
      /key-vault\.bicep:\d+: simulatorApiKey is given a secret and must be @secure\(\)/,
    ],
    [
      'storage that the host has no way to sign in to',
      { file: site, from: "    AzureWebJobsStorage__credential: 'managedidentity'\n", to: '' },
      /AzureWebJobsStorage__credential of Microsoft\.Web\/sites\/config must be managedidentity/,
    ],
    [
      'a key vault that is read by an identity that is not there',
      { file: site, from: '    keyVaultReferenceIdentity: identityId\n', to: '' },
      /properties\.keyVaultReferenceIdentity of Microsoft\.Web\/sites is missing/,
    ],
    [
      'an output renamed that the hook reads',
      { file: main, from: 'output AZURE_KEY_VAULT_NAME', to: 'output KEY_VAULT_NAME' },
      /main\.bicep has no output AZURE_KEY_VAULT_NAME, which the hook postdeploy reads/,
    ],
    [
      'a hook whose words azd discards',
      { file: 'azure.yaml', from: '    interactive: true\n', to: '' },
      /the hook postdeploy must be interactive/,
    ],
  ]

  it.each(faults)('finds %s', async (_, edit, found) => {
    const problems = await problemsWith(edit)
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(found)]))
    // One fault may show in more than one place, but is not buried.
    expect(problems.length).toBeLessThanOrEqual(3)
  })

  it('takes a version of a type that is newer than it', async () => {
    const edit = { file: site, from: "Microsoft.Web/sites@2025-03-01'", to: "Microsoft.Web/sites@2027-01-01'" }
    expect(await problemsWith(edit)).toEqual([])
  })

  /** One edit each, which Bicep's own compiler finds. */
  const ofCompiler: readonly (readonly [what: string, edit: Edit])[] = [
    [
      'a misspelt property, deep within',
      { file: site, from: 'instanceMemoryMB: instanceMemoryMB', to: 'instanceMemoryMb: instanceMemoryMB' },
    ],
    [
      'a version of a type that Azure does not have',
      { file: storage, from: "storageAccounts@2025-01-01' =", to: "storageAccounts@2025-02-30' =" },
    ],
    [
      'a required property that is missing',
      { file: 'bicep/modules/key-vault.bicep', from: '    tenantId: subscription().tenantId\n', to: '' },
    ],
    [
      'a module that is not given what it needs',
      { file: main, from: '    packageUrl: storage.outputs.packageUrl\n', to: '' },
    ],
    [
      'the key in an output',
      {
        file: main,
        from: 'output AZURE_LOCATION string = location',
        to: 'output AZURE_LOCATION string = location\noutput KEY string = simulatorApiKey',
      },
    ],
    [
      'an unused parameter',
      { file: storage, from: 'param location string', to: 'param location string\nparam other string = location' },
    ],
    [
      'a role assignment of nobody',
      { file: 'bicep/modules/key-vault.bicep', from: '    principalId: identityPrincipalId\n', to: '' },
    ],
    ['a name that is not declared', { file: storage, from: 'isPrivate ?', to: 'isSecret ?' }],
    [
      'an output of a module that it does not have',
      { file: main, from: 'monitoring.outputs.connectionString', to: 'monitoring.outputs.connection' },
    ],
    [
      'a group of resources without a name',
      { file: main, from: 'empty(openAiResourceGroup) ? group.name : openAiResourceGroup', to: 'openAiResourceGroup' },
    ],
  ]
  const compiler = findCompiler()

  it.skipIf(compiler === undefined)('has nothing to hear from the compiler', { timeout: 120_000 }, () => {
    expect(checkByCompiler(root, compiler!).map(toLine)).toEqual([])
  })

  it.skipIf(compiler === undefined).each(ofCompiler)(
    'hears from the compiler of %s',
    { timeout: 120_000 },
    (_, edit) => {
      const folder = copy()
      change(folder, edit)
      expect(checkByCompiler(folder, compiler!)).not.toEqual([])
    },
  )

  /** A compiler in name: it answers each command as it is told. */
  const madeUp = (answers: { stderr?: string; format?: string; diagnostics?: readonly string[] }) => {
    const { stderr = '', format, diagnostics = [] } = answers
    const program = path.join(place, `compiler-${copies++}.sh`)
    writeFileSync(
      program,
      `#!/bin/sh
case "$1" in
  build) printf '%s' '${stderr}' >&2 ;;
  format) ${format === undefined ? 'cat "$2"' : `printf '%s' '${format}'`} ;;
  snapshot)
    grep -q "^using '.*main.bicep'$" "$2" || exit 1
    printf '%s' '${JSON.stringify({ predictedResources: [], diagnostics })}' > "\${2%.bicepparam}.snapshot.json" ;;
esac
`,
      { mode: 0o755 },
    )
    return program
  }

  it('takes whatever the compiler says for a problem, a warning too', () => {
    const warning = 'main.bicep(1,1) : Warning BCP334: The provided value can have a length as small as 2'
    expect(checkByCompiler(root, madeUp({})).map(toLine)).toEqual([])
    expect(checkByCompiler(root, madeUp({ stderr: warning })).map(toLine)).toEqual([
      `bicep/main.bicep: the compiler says: ${warning}`,
    ])
    expect(checkByCompiler(root, madeUp({ format: 'other' })).map(toLine)).toContain(
      'bicep/main.bicep: is not formatted: bicep format bicep/main.bicep',
    )
    const foreseen = checkByCompiler(root, madeUp({ diagnostics: ['an empty name'] })).map(toLine)
    expect(foreseen).toHaveLength(4)
    expect(foreseen).toContain('bicep/main.bicep: snapshot of containerapp with all options: an empty name')
  })

  it('looks for the compiler where it is told', () => {
    expect(findCompiler({ BICEP: '/opt/bicep', PATH: '' })).toBe('/opt/bicep')
    expect(findCompiler({ PATH: '' })).toBeUndefined()
  })

  it('finds a package that is not built', async () => {
    expect((await checkDeployment(copy())).map(toLine)).toEqual(['deploy: is not there: npm run build makes it'])
  })
})
