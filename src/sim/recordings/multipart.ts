/** Forms as the former keys have them: part by part as they were sent, but for the boundary, which clients draw anew for each request. */

/** A part with the line breaks around it; `name` is the form field's. */
export type RawFormPart = { readonly name: string | undefined; readonly bytes: Uint8Array }

/** `undefined` where the content is no form. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\//i.test(contentType)) return undefined
  const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  return found?.[1] ?? found?.[2]
}

/** What is between the boundaries, what comes before the first and after the last included. */
export function splitMultipart(bytes: Uint8Array, boundary: string): readonly RawFormPart[] | undefined {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: RawFormPart[] = []
  let start = 0
  let isInside = false
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== lineFeed) continue
    parts.push(toPart(body.subarray(start, at), isInside))
    start = at + delimiter.length
    isInside = true
  }
  if (!isInside) return undefined
  parts.push(toPart(body.subarray(start), false))
  return parts
}

function toPart(bytes: Buffer, isInside: boolean): RawFormPart {
  if (!isInside) return { name: undefined, bytes }
  const headEnd = bytes.indexOf('\r\n\r\n')
  const head = bytes.toString('latin1', 0, headEnd < 0 ? 0 : headEnd)
  return { name: /^content-disposition:.*?[;\s]name="([^"]*)"/im.exec(head)?.[1], bytes }
}

const lineFeed = 0x0a
