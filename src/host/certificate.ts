/** The certificate for https: one that was given, or one that is made at the start and kept where clients can be told. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** In PEM. */
export type Pair = { readonly cert: string; readonly key: string }

export type Certificate = Pair & {
  /** What clients must trust, where it was made here. */
  readonly file: string | undefined
}

/** Throws with a line for a person where the files are not what they should be. */
export function givenCertificate(certFile: string, keyFile: string, cwd: string): Certificate {
  const pair = { cert: readPem('--tls-cert', certFile, cwd), key: readPem('--tls-key', keyFile, cwd) }
  try {
    // Asked for here: no other start needs it.
    process.getBuiltinModule('node:tls').createSecureContext(pair)
  } catch (error) {
    throw new Error(`--tls-cert, --tls-key: ${certFile} and ${keyFile} do not go together: ${reasonOf(error)}`, {
      cause: error,
    })
  }
  return { ...pair, file: undefined }
}

/** For this machine's own names and the address that is listened on; only its certificate is written anywhere. */
export async function madeCertificate(host: string): Promise<Certificate> {
  const { generate } = await import('selfsigned')
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])]
  const altNames = names.map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  )
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'aoai-simulated-api' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Its own root, so that a client needs to trust this file and nothing else.
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  const file = join(mkdtempSync(join(tmpdir(), 'aoai-sim-')), 'certificate.pem')
  writeFileSync(file, cert)
  return { cert, key, file }
}

function readPem(flag: string, file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw new Error(`${flag}: ${file} cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
