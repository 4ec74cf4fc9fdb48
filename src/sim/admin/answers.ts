import type { SimResponse } from '../types.ts'

export const json = (status: number, value: unknown) => whole(status, JSON.stringify(value))

export const whole = (status: number, body: string, contentType = 'application/json'): SimResponse => ({
  status,
  headers: { 'Content-Length': String(Buffer.byteLength(body)), 'Content-Type': contentType },
  body,
})
