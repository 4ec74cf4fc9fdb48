/** What the control API tells, asked for anew every few seconds while the view is open and the tab is seen. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import { errorText } from './format.ts'

export type Polled<T> = {
  readonly value: T | undefined
  readonly problem: string | undefined
  readonly again: () => void
}

/** Asked once where `eachMs` is 0. */
export function usePoll<T>(api: Api, path: string, eachMs: number): Polled<T> {
  const [value, setValue] = useState<T>()
  const [problem, setProblem] = useState<string>()
  const again = useCallback(() => {
    api.get<T>(path).then(
      (told) => {
        setValue(() => told)
        setProblem(undefined)
      },
      (error: unknown) => setProblem(errorText(error)),
    )
  }, [api, path])
  useEffect(() => {
    again()
    if (eachMs === 0) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again()
    }, eachMs)
    return () => clearInterval(timer)
  }, [again, eachMs])
  return { value, problem, again }
}
