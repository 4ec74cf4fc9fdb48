import { describe, expect, it } from 'vitest'
import { BoundedStore } from '../../src/sim/base/bounded-store.ts'

function storeWith(bounds: { maxEntries?: number; maxBytes?: number; lifetimeMs?: number }) {
  const time = { nowMs: 0 }
  const all = { maxEntries: 10, maxBytes: 100, lifetimeMs: 1000, ...bounds }
  const store = new BoundedStore<string>({ now: () => time.nowMs }, () => all)
  return { store, time, ids: () => store.entries().map(([id]) => id) }
}

describe('a bounded store', () => {
  it('gives back what was put under an id, and nothing else', () => {
    const { store } = storeWith({})
    store.put('a', 'first', 1)
    expect(store.get('a')).toBe('first')
    expect(store.get('__proto__')).toBeUndefined()
    expect(store.delete('a')).toBe(true)
    expect(store.delete('a')).toBe(false)
    expect(store.get('a')).toBeUndefined()
  })

  it('drops the oldest where there are too many', () => {
    const { store, ids } = storeWith({ maxEntries: 2 })
    for (const id of ['a', 'b', 'c']) store.put(id, id, 1)
    expect(ids()).toEqual(['b', 'c'])
  })

  it('drops the oldest where they are too large together, and keeps none that is too large by itself', () => {
    const { store, ids } = storeWith({ maxBytes: 100 })
    store.put('a', 'a', 60)
    store.put('b', 'b', 30)
    store.put('c', 'c', 50)
    expect(ids()).toEqual(['b', 'c'])
    store.put('d', 'd', 101)
    expect(ids()).toEqual(['b', 'c'])
  })

  it('counts a value put again once, and takes it for the newest', () => {
    const { store, ids } = storeWith({ maxBytes: 100 })
    store.put('a', 'a', 60)
    store.put('b', 'b', 30)
    store.put('a', 'again', 60)
    expect(ids()).toEqual(['b', 'a'])
    expect(store.get('a')).toBe('again')
  })

  it('forgets what is older than its lifetime', () => {
    const { store, time, ids } = storeWith({ lifetimeMs: 1000 })
    store.put('a', 'a', 1)
    time.nowMs = 999
    store.put('b', 'b', 1)
    expect(store.get('a')).toBe('a')
    time.nowMs = 1000
    expect(store.get('a')).toBeUndefined()
    expect(ids()).toEqual(['b'])
  })
})
