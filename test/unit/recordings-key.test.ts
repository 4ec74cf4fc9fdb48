import { describe, expect, it } from 'vitest'
import { keyMaker } from '../../src/sim/recordings/key.ts'
import { chatPath, toSought } from '../support/interactions.ts'

const key = keyMaker()
const keyOfBody = (body: string) => key(toSought(body))

describe('The key of a request', () => {
  it('is 32 hexadecimal digits, the same on each machine and for ever', () => {
    expect(key(toSought({ messages: [{ role: 'user', content: 'Hello!' }] }))).toMatch(/^[0-9a-f]{32}$/)
    expect(keyOfBody('{"a":1,"b":[2,{"c":"x"}]}')).toBe(keyOfBody('{"a":1,"b":[2,{"c":"x"}]}'))
  })

  it.each([
    ['the order of fields', '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
    ['the order of fields within a list', '[{"a":1,"b":2}]', '[{"b":2,"a":1}]'],
    ['white space', '{"a":[1,2],"b":"c d"}', ' {\n\t"a" : [ 1 , 2 ],\r\n  "b" : "c d"\n}\n'],
    ['how a number is spelled', '{"a":[1,100,-0,0.00001]}', '{"a":[1.0,1e2,0,1E-5]}'],
    ['how a text is escaped', '{"a":"é / \u{1f600} \'"}', '{"\\u0061":"\\u00e9 \\/ \\uD83D\\ude00 \\u0027"}'],
    ['a field that is given again', '{"a":2}', '{"a":1,"a":2}'],
    ['the order of half a surrogate pair', '{"b":1,"a":"\\ud800"}', '{"a":"\\ud800","b":1}'],
  ])('does not depend on %s', (_, one, other) => {
    expect(keyOfBody(one)).toBe(keyOfBody(other))
  })

  it.each([
    ['a value', '{"a":1}', '{"a":2}'],
    ['white space within a text', '{"a":"x y"}', '{"a":"x  y"}'],
    ['the digits that a number cannot hold', '{"a":12345678901234567890}', '{"a":12345678901234567891}'],
    ['the order of a list', '[1,2]', '[2,1]'],
    ['a text and a number', '{"a":"1"}', '{"a":1}'],
    ['where brackets close', '{"a":[1],"b":2}', '{"a":[1,{"b":2}]}'],
    ['a quote within a text', '{"a":"x\\",\\"b\\":\\"y"}', '{"a":"x","b":"y"}'],
    ['backslashes before a quote', '{"a":"x\\\\","b":1}', '{"a":"x\\\\\\"","b":1}'],
    ['null and nothing', '{"a":null}', '{}'],
    ['which of two equal fields is last', '{"a":1,"a":2}', '{"a":2,"a":1}'],
    ['white space where the body is no JSON', 'a b', 'a  b'],
    ['white space where the body is broken JSON', '{"a":1', '{"a": 1'],
  ])('depends on %s', (_, one, other) => {
    expect(keyOfBody(one)).not.toBe(keyOfBody(other))
  })

  it('depends on the method and on the path, in which two slashes are one', () => {
    const at = (path: string, method = 'POST') => key(toSought('{}', { path, method }))
    expect(at(chatPath)).toBe(at(chatPath.replace('/deployments', '//deployments')))
    expect(at(chatPath)).not.toBe(at(chatPath.replace('4o', '4o-mini')))
    expect(at(chatPath)).not.toBe(at(chatPath, 'PUT'))
    expect(at(chatPath)).toBe(at(chatPath, 'post'))
  })

  it('is found for a thirty thousand brackets within each other', () => {
    const deep = (open: string, close: string) => keyOfBody(open.repeat(30_000) + '1' + close.repeat(30_000))
    expect(deep('[', ']')).not.toBe(deep('{"a":', '}'))
    expect(deep('{"b":1,"a":', '}')).toBe(deep('{"b":1, "a":', '}'))
  })

  it('tells bytes apart that are no text', () => {
    const of = (...bytes: number[]) => key(toSought(Uint8Array.from(bytes)))
    expect(of(0xff, 0xfe)).not.toBe(of(0xff, 0xfd))
    expect(of(0xff, 0xfe)).not.toBe(keyOfBody('\ufffd\ufffd'))
  })

  describe('of a form', () => {
    const form = (boundary: string, content: string, header = `multipart/form-data; boundary=${boundary}`) =>
      key(
        toSought(
          `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${content}\r\n` +
            `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n--${boundary}--\r\n`,
          { contentType: header },
        ),
      )

    it('does not depend on the boundary', () => {
      expect(form('one', 'x')).toBe(form('another-one', 'x'))
      expect(form('one', 'x')).toBe(form('q"'.slice(0, 1), 'x', 'Multipart/Form-Data; charset=utf-8; boundary="q"'))
    })

    it('does not depend on how its headers are written', () => {
      const of = (head: string) =>
        key(toSought(`--q\r\n${head}\r\n\r\nx\r\n--q--\r\n`, { contentType: 'multipart/form-data; boundary="q"' }))
      const usual = of('Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav')
      const dotNet =
        "Content-Type: audio/wav\r\nContent-Disposition: form-data; name=file; filename=a.wav; filename*=utf-8''a.wav"
      expect(of(dotNet)).toBe(usual)
      expect(of(dotNet.replaceAll('a.wav', 'b.wav'))).not.toBe(usual)
      expect(of(dotNet.replace('name=file', 'name=mask'))).not.toBe(usual)
    })

    it('depends on each byte of its content', () => {
      expect(form('one', 'x')).not.toBe(form('one', 'y'))
      expect(form('one', 'x--one')).not.toBe(form('two', 'x--two'))
    })

    it('leaves out a part that does not matter', () => {
      const of = (model: string) =>
        keyMaker(['model'])(
          toSought(`--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n--b--\r\n`, {
            contentType: 'multipart/form-data; boundary=b',
          }),
        )
      expect(of('one')).toBe(of('two'))
    })
  })

  describe('with fields that do not matter', () => {
    const ignoring = (...ignore: string[]) => {
      const keyIgnoring = keyMaker(ignore)
      return (body: string) => keyIgnoring(toSought(body))
    }

    it('leaves out a field at the top, and none of that name elsewhere', () => {
      const of = ignoring('user', 'metadata')
      expect(of('{"user":"a","metadata":{"x":1},"n":1}')).toBe(of('{"n":1,"user":"b"}'))
      expect(of('{"m":{"user":"a"}}')).not.toBe(of('{"m":{"user":"b"}}'))
      expect(of('{"n":1}')).toBe(keyOfBody('{"n":1}'))
    })

    it('leaves out a field of a field, also in each item of a list', () => {
      const of = ignoring('metadata.session', 'messages.name')
      expect(of('{"metadata":{"session":1,"x":2}}')).toBe(of('{"metadata":{"x":2}}'))
      expect(of('{"metadata":{"session":1,"x":2}}')).not.toBe(of('{"metadata":{"x":3}}'))
      expect(of('{"messages":[{"name":"a","content":"x"}]}')).toBe(of('{"messages":[{"content":"x","name":"b"}]}'))
    })

    it('knows a field however its name is escaped', () => {
      const of = ignoring('user')
      expect(of('{"us\\u0065r":1}')).toBe(of('{}'))
    })
  })
})
