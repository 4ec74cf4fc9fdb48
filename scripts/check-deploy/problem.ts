/** Something that would go wrong in a deployment. */
export type Problem = {
  /** Relative to the project, with slashes. */
  readonly file: string
  /** From 1; absent where no line is at fault. */
  readonly line?: number
  readonly message: string
}

export const toLine = ({ file, line, message }: Problem): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${message}`
