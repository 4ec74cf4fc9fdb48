/** Who may come in: the settings, and what they become. */
import * as z from 'zod'
import { choice, flag, group, text, webAddress } from './forms.ts'

/** Whose tokens are taken. */
export type EntraConfig = {
  /** In lower case, as the ids of principals are. */
  readonly tenantId: string
  readonly audiences: readonly string[]
  readonly keysUrl: string
  /** The sign-in service, without a slash at its end. */
  readonly authority: string
  /** Who holds the role that is needed; where nobody is named, everyone. */
  readonly principals: readonly string[]
}

export type AuthConfig = {
  /** Absent: no token is taken for its own sake. */
  readonly entra: EntraConfig | undefined
  readonly acceptAnyToken: boolean
  readonly disableKeys: boolean
  /** Where the key is accepted as a bearer token. */
  readonly bearerKeys: 'v1' | 'everywhere'
  readonly network: 'allow' | 'deny'
}

const guidForm = 'an id, as 72f988bf-86f1-41af-91ab-2d7cd011db47'
const guid = () =>
  z.string({ error: guidForm }).regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: guidForm })

const listOf = <T extends z.ZodType>(item: T, allowed: string) => z.array(item, { error: allowed })

/** Tokens for the service are issued for either of these, or for the number of its application (documented). */
const usualAudiences = ['https://cognitiveservices.azure.com', 'https://ai.azure.com']

export const authSetting = () =>
  group({
    entra: group({
      tenantId: guid().optional().meta({
        env: 'SIMULATOR_ENTRA_TENANT_ID',
        description: 'The tenant whose tokens are accepted. Default: no token is accepted.',
      }),
      audience: z
        .preprocess(
          (value) => (typeof value === 'string' ? [value] : value),
          listOf(text('an address or an id'), 'an address or an id, or a list of them').min(1, {
            error: 'an address or an id, or a list of them',
          }),
        )
        .meta({ description: 'Accepted token audiences.', default: usualAudiences }),
      authority: webAddress('the address of a sign-in service').meta({
        description: "The cloud's sign-in service, which publishes the signing keys.",
        default: 'https://login.microsoftonline.com',
      }),
      keysUrl: webAddress('the address of a JSON Web Key Set').optional().meta({
        description: "URL of the tenant's signing keys. Default: below the authority.",
      }),
      principals: listOf(guid(), 'a list of ids').meta({
        description: 'Object or application ids that have the role which the service requires. Default: all have it.',
        default: [],
      }),
    }).meta({ description: 'Tokens of a tenant, whose signature is checked.' }),
    acceptAnyToken: flag().meta({
      env: 'SIMULATOR_ACCEPT_ANY_TOKEN',
      description: 'Whether any bearer token is accepted unchecked, for work without a network.',
      default: false,
    }),
    disableKeys: flag().meta({
      description: 'Whether keys are refused, as by a resource that accepts tokens only.',
      default: false,
    }),
    bearerKeys: choice(['v1', 'everywhere']).meta({
      description: 'Where the key is accepted as a bearer token.',
      default: 'v1',
    }),
    network: choice(['allow', 'deny']).meta({
      description: 'Whether requests pass the firewall of the resource; `deny` answers all of them as a firewall does.',
      default: 'allow',
    }),
  }).meta({ description: 'Who may use the simulated API.', startOnly: true })

type Setting = z.output<ReturnType<typeof authSetting>>

export function toAuth({ entra, ...rest }: Setting): AuthConfig {
  const { tenantId, audience, authority, keysUrl, principals } = entra
  if (tenantId === undefined) return { ...rest, entra: undefined }
  const service = authority.replace(/\/+$/, '')
  return {
    ...rest,
    entra: {
      tenantId: tenantId.toLowerCase(),
      audiences: audience,
      keysUrl: keysUrl ?? `${service}/${tenantId}/discovery/v2.0/keys`,
      authority: service,
      principals: principals.map((id) => id.toLowerCase()),
    },
  }
}
