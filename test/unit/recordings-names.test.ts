import { describe, expect, it } from 'vitest'
import { documentName, folderOf, isName, legacyName, nthName } from '../../src/sim/recordings/name.ts'

describe('The name of a document', () => {
  it('is the path and the key', () => {
    expect(documentName('/openai/deployments/gpt-4o/chat/completions', 'abc')).toBe(
      'openai/deployments/gpt-4o/chat/completions/abc.yaml',
    )
    expect(documentName('//openai//v1/models', 'abc')).toBe('openai/v1/models/abc.yaml')
    expect(documentName('/', 'abc')).toBe('abc.yaml')
    expect(nthName('a/abc.yaml', 2)).toBe('a/abc.2.yaml')
  })

  it.each([
    '/openai/../../etc/passwd',
    '/..',
    '/.',
    '/./a',
    '/.git/config',
    '/a\\b',
    '/a%2fb',
    '/%2e%2e/x',
    '/a\0b',
    '/a/',
    '/con/a',
    '/a:b',
    '/ä/ö',
    '/a b',
    '/trailing.',
    `/${'x'.repeat(5000)}`,
    '/x'.repeat(3000),
    `/${'é'.repeat(300)}/y`,
    '/"<>|*?',
    '/-rf',
    '/~root/$HOME',
  ])('stays within its folder for the path %j', (path) => {
    const name = documentName(path, 'f'.repeat(32))
    expect(isName(name)).toBe(true)
    expect(name).toMatch(/^[A-Za-z0-9._=/-]+$/)
    expect(name.split('/')).not.toContain('..')
    expect(Buffer.byteLength(name)).toBeLessThan(1000)
  })

  it('is another for each path, however strange', () => {
    const long = 'x'.repeat(5000)
    const paths = ['/a b', '/a=20b', '/a%20b', '/a/', '/a', '/a/=', '/..', '/=2E.', `/${long}1`, `/${long}2`]
    const deep = ['/x'.repeat(3000), '/x'.repeat(3001), `${'/x'.repeat(3000)}/`]
    const all = [...paths, ...deep]
    expect(new Set(all.map(folderOf)).size).toBe(all.length)
  })

  it('is the one that the Python simulator gave to the path, for its files', () => {
    expect(legacyName('/openai/deployments/gpt-4o/chat/completions')).toBe(
      'openai_deployments_gpt-4o_chat_completions.yaml',
    )
    expect(legacyName('//openai/deployments/my%20model/embeddings')).toBe('openai_deployments_my model_embeddings.yaml')
    expect(legacyName('/..%2f..%2fetc')).toBeUndefined()
    expect(legacyName('/a%00b')).toBeUndefined()
  })
})
