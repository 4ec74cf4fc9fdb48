/** The errors that a rule can name; `src/sim/rules/errors.ts` makes them. */
export const errorNames = [
  'rateLimit',
  'tokenLimit',
  'systemBusy',
  'resourceUnavailable',
  'insufficientQuota',
  'contentFilter',
  'contextLength',
  'invalidRequest',
  'invalidKey',
  'permissionDenied',
  'deploymentNotFound',
  'timeout',
  'serverError',
  'internalError',
  'gatewayAuthentication',
  'badGateway',
  'serviceUnavailable',
  'gatewayTimeout',
] as const
export type ErrorName = (typeof errorNames)[number]
