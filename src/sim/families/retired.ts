/** Paths that the service had once: they are answered as others that are not there, and the operator is told of it. */

/** What the service had once, and what has taken its place (documented). */
const retired: readonly { readonly paths: RegExp; readonly instead: string }[] = [
  {
    paths: /^\/(?:api\/projects\/[^/]+\/)?(?:openai\/)?(?:v1\/)?(?:assistants|threads)(?:\/|$)/i,
    instead: 'Responses with conversations (/openai/v1/responses, /openai/v1/conversations)',
  },
  { paths: /\/extensions\/chat\/completions$/i, instead: 'chat completions with data_sources' },
  { paths: /\/images\/generations:submit$|\/operations\/images\//i, instead: 'images/generations' },
  { paths: /\/video\/generations(?:\/|$)/i, instead: '/openai/v1/videos' },
]

export const insteadOf = (path: string): string | undefined => retired.find(({ paths }) => paths.test(path))?.instead
