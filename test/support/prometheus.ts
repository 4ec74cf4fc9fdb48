/** Reads Prometheus' text format as far as tests look at it; whether it is right, Prometheus' own parser says. */
export type Row = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }

export function readPrometheus(text: string): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (name === '') throw new Error(`No metric: ${line}`)
      const pairs = [...labels.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g)]
      return {
        name,
        labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])),
        value: Number(value),
      }
    })
}
