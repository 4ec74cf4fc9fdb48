/** A command to copy. */
import { useState } from 'preact/hooks'

export function Command({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <div class="command">
      <pre tabIndex={0} role="region" aria-label="Command">
        {text}
      </pre>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  )
}
