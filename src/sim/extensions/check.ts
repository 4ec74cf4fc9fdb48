/** What an extension's module exports, checked before it is used: every mistake is told at once, with its place. */
import * as z from 'zod'
import { ConfigError, mismatch, type Problem, shown } from '../config/problem.ts'
import type { Extension } from './define.ts'

const name = () =>
  z.string({ error: 'a name' }).regex(/^[\w.-]{1,64}$/, { error: 'a name of letters, digits, "-", "_" and "."' })
const path = () => z.string({ error: 'a path' }).regex(/^\/[^?#]*$/, { error: 'a path that begins with "/"' })
const method = () =>
  z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'], {
    error: 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
  })

const header = () => z.string({ error: 'the name of a header' }).regex(/^[\w-]+$/, { error: 'the name of a header' })

/** It is called later, and what it answers is checked then. */
const fn = () =>
  z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', { error: 'a function' })
const functions = () => z.record(z.string(), fn(), { error: 'a mapping of functions by operation' })
const group = <T extends z.core.$ZodShape>(shape: T, what: string) => z.strictObject(shape, { error: what })

const address = z
  .string({ error: 'an address, as https://name.cognitiveservices.azure.com' })
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
    error: 'an address, as https://name.cognitiveservices.azure.com',
  })

const Shape = group(
  {
    name: name(),
    operations: z
      .array(
        group(
          {
            name: name(),
            method: method().optional(),
            path: path(),
            keyHeader: header().optional(),
            handle: fn(),
          },
          'an operation: { name, method, path, keyHeader, handle }',
        ),
        { error: 'a list of operations' },
      )
      .optional(),
    generators: functions().optional(),
    forwarders: z
      .array(
        group(
          {
            name: name(),
            path: path(),
            endpoint: address,
            keyHeader: header().optional(),
            signIn: fn().optional(),
            keep: fn().optional(),
          },
          'a forwarder: { name, path, endpoint, keyHeader, signIn, keep }',
        ),
        { error: 'a list of forwarders' },
      )
      .optional(),
    limiters: functions().optional(),
    latency: fn().optional(),
    onRequest: fn().optional(),
    onResponse: fn().optional(),
  },
  'an extension: { name, operations, generators, forwarders, limiters, latency, onRequest, onResponse }',
)

/** `place` names the module in messages; `said` are the keys of operations whose answers a generator may choose. */
export function checkExtension(
  value: unknown,
  place: string,
  known: { readonly said: readonly string[]; readonly limited: readonly string[] },
): Extension {
  const parsed = Shape.safeParse(value)
  const problems: Problem[] = []
  const add = (path: readonly string[], message: string) =>
    problems.push({ path, setting: [place, path.join('.')].filter(Boolean).join(': '), message })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String)
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys) add([...path, key], 'is not a part of an extension')
      else add(path, mismatch(describe(valueAt(value, issue.path)), issue.message))
    }
    throw new ConfigError(problems)
  }
  const extension = parsed.data as unknown as Extension
  const own = extension.operations?.map((operation) => operation.name) ?? []
  for (const key of Object.keys(extension.generators ?? {}))
    if (!known.said.includes(key)) add(['generators', key], mismatch(shown(key), known.said.join(', ')))
  for (const key of Object.keys(extension.limiters ?? {})) {
    const allowed = [...own, ...known.limited]
    if (!allowed.includes(key)) add(['limiters', key], mismatch(shown(key), allowed.join(', ')))
  }
  for (const [index, operation] of own.entries())
    if (own.indexOf(operation) !== index)
      add(['operations', String(index), 'name'], mismatch(shown(operation), 'a name that no other operation has'))
  if (problems.length > 0) throw new ConfigError(problems)
  return extension
}

function describe(value: unknown): string {
  return typeof value === 'function' ? 'a function' : shown(value)
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )
