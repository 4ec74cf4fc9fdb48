/** How the services lay JSON out. */

/** How JSON is written: spaces a level, and whether a newline ends it. */
export type Layout = { readonly indent: 0 | 2; readonly hasNewline: boolean }

export const compact: Layout = { indent: 0, hasNewline: false }
export const pretty: Layout = { indent: 2, hasNewline: false }
export const prettyLine: Layout = { indent: 2, hasNewline: true }

export const laidOut = (value: unknown, { indent, hasNewline }: Layout): string =>
  `${JSON.stringify(value, undefined, indent)}${hasNewline ? '\n' : ''}`
