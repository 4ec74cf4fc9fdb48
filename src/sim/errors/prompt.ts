/** What is said of prompts that are well-formed, and refused all the same. */
import { ApiError } from '../errors.ts'

/** Recorded in March 2025: pretty-printed, with a closing newline. */
export const repetitivePrompt = () =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'modelPrettyLine',
    message:
      "Sorry! We've encountered an issue with repetitive patterns in your prompt. Please try again with a different prompt.",
    type: 'invalid_request_error',
    param: 'prompt',
    code: 'invalid_prompt',
  })
