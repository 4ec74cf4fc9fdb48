/** What a request on the client's own data may hold: as described for 2024-10-21, told in that part's own words. */
import { isObject, table, type JsonObject } from '../../base/object.ts'
import { ownDataInvalid } from '../../errors/own-data.ts'

type Problem = readonly [place: string, problem: string]
type Shape = { readonly needed: readonly string[]; readonly optional: readonly string[] }

/** Throws where `data_sources` are asked for and anything does not fit. */
export function refuseOwnData(input: unknown): void {
  if (!isObject(input) || input['data_sources'] === undefined || input['data_sources'] === null) return
  const problems = [...sourcesProblems(input['data_sources']), ...extras(input, known, '')]
  if (problems.length > 0) throw ownDataInvalid(problems.slice(0, maxProblems))
}

const maxProblems = 100
const extraProblem = 'Extra inputs are not permitted'
const missingProblem = 'Field required'

/** What else of a chat completion goes with them; `stream_options` and others do not (quoted by users, the list a guess). */
const known: ReadonlySet<string> = new Set(
  [
    'messages model data_sources temperature top_p n stop stream max_tokens seed user presence_penalty frequency_penalty',
    'logit_bias tools tool_choice functions function_call user_security_context',
  ].flatMap((names) => names.split(' ')),
)

const common = [
  'top_n_documents max_search_queries allow_partial_result in_scope strictness include_contexts authentication',
  'embedding_dependency fields_mapping query_type semantic_configuration filter',
].flatMap((names) => names.split(' '))
const withVectors = ['fields_mapping', 'embedding_dependency']

const sources: Readonly<Record<string, Shape>> = table({
  azure_search: { needed: ['authentication', 'endpoint', 'index_name'], optional: common },
  azure_cosmos_db: {
    needed: ['authentication', 'database_name', 'container_name', 'index_name', ...withVectors],
    optional: common,
  },
  elasticsearch: { needed: ['authentication', 'endpoint', 'index_name'], optional: common },
  mongo_db: {
    needed: [
      'authentication',
      'endpoint',
      'database_name',
      'collection_name',
      'app_name',
      'index_name',
      ...withVectors,
    ],
    optional: common,
  },
  pinecone: { needed: ['authentication', 'environment', 'index_name', ...withVectors], optional: common },
})

const signIns: Readonly<Record<string, Shape>> = table({
  api_key: { needed: ['key'], optional: [] },
  connection_string: { needed: ['connection_string'], optional: [] },
  key_and_key_id: { needed: ['key', 'key_id'], optional: [] },
  encoded_api_key: { needed: ['encoded_api_key'], optional: [] },
  access_token: { needed: ['access_token'], optional: [] },
  system_assigned_managed_identity: { needed: [], optional: [] },
  user_assigned_managed_identity: { needed: ['managed_identity_resource_id'], optional: [] },
  username_and_password: { needed: ['username', 'password'], optional: [] },
})

const embedders: Readonly<Record<string, Shape>> = table({
  deployment_name: { needed: ['deployment_name'], optional: ['dimensions'] },
  endpoint: { needed: ['endpoint', 'authentication'], optional: ['dimensions'] },
  model_id: { needed: ['model_id'], optional: [] },
  integrated: { needed: [], optional: [] },
})

function sourcesProblems(list: unknown): Problem[] {
  const place = 'data_sources'
  if (!Array.isArray(list)) return [[place, 'Input should be a valid list']]
  if (list.length !== 1)
    return [
      [place, `List should have at ${list.length > 1 ? 'most' : 'least'} 1 item after validation, not ${list.length}`],
    ]
  const [source] = list as readonly unknown[]
  const at = `${place}/0`
  return tagged(source, sources, at, (fields, shape, type) => {
    const inner = `${at}/${type}`
    const parameters = fields['parameters']
    const others = extras(fields, new Set(['type', 'parameters']), `${inner}/`)
    if (parameters === undefined) return [[`${inner}/parameters`, missingProblem], ...others]
    if (!isObject(parameters)) return [[`${inner}/parameters`, 'Input should be a valid dictionary'], ...others]
    return [...parametersProblems(parameters, shape, `${inner}/parameters`), ...others]
  })
}

function parametersProblems(parameters: JsonObject, shape: Shape, place: string): Problem[] {
  return [
    ...shapeProblems(parameters, shape, place),
    ...partProblems(parameters['authentication'], signIns, `${place}/authentication`),
    ...partProblems(parameters['embedding_dependency'], embedders, `${place}/embedding_dependency`),
    ...bounded(parameters['strictness'], 1, 5, `${place}/strictness`),
    ...bounded(parameters['top_n_documents'], 1, 20, `${place}/top_n_documents`),
    ...contextsProblems(parameters['include_contexts'], `${place}/include_contexts`),
    ...['endpoint', 'index_name', 'filter', 'semantic_configuration', 'query_type'].flatMap((name): Problem[] => {
      const value = parameters[name]
      return value === undefined || value === null || typeof value === 'string'
        ? []
        : [[`${place}/${name}`, 'Input should be a valid string']]
    }),
  ]
}

function contextsProblems(list: unknown, place: string): Problem[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) return [[place, 'Input should be a valid list']]
  const problem = "Input should be 'citations', 'intent' or 'all_retrieved_documents'"
  return list.flatMap((name, index): Problem[] => (contexts.includes(name) ? [] : [[`${place}/${index}`, problem]]))
}

const contexts: readonly unknown[] = ['citations', 'intent', 'all_retrieved_documents']

const partProblems = (part: unknown, shapes: Readonly<Record<string, Shape>>, place: string): Problem[] =>
  part === undefined || part === null
    ? []
    : tagged(part, shapes, place, (fields, { needed, optional }, type) =>
        shapeProblems(fields, { needed, optional: ['type', ...optional] }, `${place}/${type}`),
      )

/** What a member `type` says the shape of. */
function tagged(
  value: unknown,
  shapes: Readonly<Record<string, Shape>>,
  place: string,
  rest: (fields: JsonObject, shape: Shape, type: string) => Problem[],
): Problem[] {
  if (!isObject(value)) return [[place, 'Input should be a valid dictionary or object to extract fields from']]
  const { type } = value
  if (type === undefined) return [[place, "Unable to extract tag using discriminator 'type'"]]
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
  if (shape) return rest(value, shape, type as string)
  const tags = Object.keys(shapes).map((tag) => `'${tag}'`)
  const found = typeof type === 'string' ? type.slice(0, 100) : JSON.stringify(type).slice(0, 100)
  return [
    [place, `Input tag '${found}' found using 'type' does not match any of the expected tags: ${tags.join(', ')}`],
  ]
}

const shapeProblems = (fields: JsonObject, { needed, optional }: Shape, place: string): Problem[] => [
  ...needed.filter((name) => fields[name] === undefined).map((name): Problem => [`${place}/${name}`, missingProblem]),
  ...extras(fields, new Set([...needed, ...optional]), `${place}/`),
]

const extras = (fields: JsonObject, allowed: ReadonlySet<string>, before: string): Problem[] =>
  Object.keys(fields)
    .filter((name) => !allowed.has(name) && (before !== '' || fields[name] !== null))
    .map((name): Problem => [`${before}${name.slice(0, 100)}`, extraProblem])

function bounded(value: unknown, min: number, max: number, place: string): Problem[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'number' || !Number.isInteger(value)) return [[place, 'Input should be a valid integer']]
  if (value > max) return [[place, `Input should be less than or equal to ${max}`]]
  return value < min ? [[place, `Input should be greater than or equal to ${min}`]] : []
}
