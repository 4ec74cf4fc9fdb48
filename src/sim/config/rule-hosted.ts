/** What a rule says of the service's own tools that do something: what they are asked to do, and what came of it. */
import * as z from 'zod'
import { choice, flag, group, text, whole } from './forms.ts'

const anyText = () => z.string({ error: 'a text' })

const actionTypes = [
  ...['click', 'double_click', 'drag', 'keypress', 'move', 'screenshot', 'scroll', 'type', 'wait'],
] as const

export const hostedSetting = () =>
  group({
    shell: group({
      commands: z
        .array(text('a command'), { error: 'a list of commands' })
        .min(1, { error: 'a list of commands' })
        .max(50, { error: 'at most 50 commands' })
        .meta({ description: 'What is run.' }),
      stdout: anyText().optional().meta({ description: 'What each writes, where it is run in a container.' }),
      stderr: anyText().optional().meta({ description: 'What each writes of errors.' }),
      exitCode: whole(0, 255).optional().meta({ description: 'How each ends. Default: 0.' }),
      timesOut: flag().optional().meta({ description: 'Each takes too long.' }),
    })
      .optional()
      .meta({ description: 'Of `shell` and `local_shell`.' }),
    applyPatch: group({
      operation: choice(['create_file', 'update_file', 'delete_file']).meta({ description: 'What is done.' }),
      path: text('a path').meta({ description: 'To which file.' }),
      diff: anyText().optional().meta({ description: 'How it changes.' }),
    })
      .optional()
      .meta({ description: 'Of `apply_patch`.' }),
    codeInterpreter: group({
      code: anyText().meta({ description: 'What is run.' }),
      logs: anyText().optional().meta({ description: 'What it prints.' }),
      files: z
        .array(
          group({
            name: text("a file's name").meta({ description: 'Name of the file.' }),
            text: anyText().optional().meta({ description: 'What is in it, as text.' }),
            base64: anyText().optional().meta({ description: 'What is in it, in Base64.' }),
          }),
          { error: 'a list of files' },
        )
        .max(20, { error: 'at most 20 files' })
        .optional()
        .meta({ description: 'Files that it saves in the container; the answer cites them.' }),
    })
      .optional()
      .meta({ description: 'Of `code_interpreter`.' }),
    computer: group({
      actions: z
        .array(
          z.looseObject(
            { type: z.enum(actionTypes, { error: actionTypes.join(', ') }).meta({ description: 'What is done.' }) },
            { error: 'an action' },
          ),
          { error: 'a list of actions' },
        )
        .min(1, { error: 'a list of actions' })
        .max(50, { error: 'at most 50 actions' })
        .meta({ description: 'One after the other, as the API has them.' }),
    })
      .optional()
      .meta({ description: 'Of `computer` and `computer_use_preview`.' }),
  })
    .refine((given) => Object.keys(given).length > 0, { error: 'one of shell, applyPatch, codeInterpreter, computer' })
    .optional()
    .meta({
      description:
        "What the service's own tools do: { shell: { commands, stdout, stderr, exitCode, timesOut } }, { applyPatch: { operation, path, diff } }, { codeInterpreter: { code, logs, files: [{ name, text, base64 }] } } or { computer: { actions } }. It is used where a request offers it.",
      minProperties: 1,
    })

export type HostedRule = NonNullable<z.output<ReturnType<typeof hostedSetting>>>
