/** What the control API tells, asked for anew every few seconds while the view is open and the tab is seen. */
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { Connected } from './connected.ts'
import { errorText } from './format.ts'

export type Polled<T> = {
  readonly value: T | undefined
  /** Nothing while the simulator is away: the page says so itself. */
  readonly problem: string | undefined
  readonly again: () => void
  /** In place of what was told, as where a change has been answered with what is so now. */
  readonly set: (value: T) => void
}

/** Asked once where `eachMs` is 0, and again when the simulator comes back. */
export function usePoll<T>(api: Api, path: string, eachMs: number): Polled<T> {
  const isConnected = useContext(Connected)
  const [value, setValue] = useState<T>()
  const [problem, setProblem] = useState<string>()
  const asked = useRef(0)
  const again = useCallback(() => {
    const own = ++asked.current
    // What was asked later is what is shown.
    const ifLatest = (show: () => void) => own === asked.current && show()
    api.get<T>(path).then(
      (told) =>
        ifLatest(() => {
          setValue(() => told)
          setProblem(undefined)
        }),
      (error: unknown) => ifLatest(() => setProblem(errorText(error))),
    )
  }, [api, path])
  useEffect(() => {
    if (!isConnected) return
    again()
    if (eachMs === 0) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again()
    }, eachMs)
    return () => clearInterval(timer)
  }, [again, eachMs, isConnected])
  const set = useCallback((next: T) => {
    asked.current++
    setValue(() => next)
  }, [])
  return { value, problem: isConnected ? problem : undefined, again, set }
}
