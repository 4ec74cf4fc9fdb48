/** `sessions`: resources that are made while the simulator runs. */
import { group, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const sessionsSetting = () =>
  group({
    maxSessions: whole(1, 100_000).meta({
      startOnly: true,
      description: 'Maximum number at once; the one that was idle longest is replaced.',
      default: 1000,
    }),
    lifetime: timeout().meta({
      startOnly: true,
      description: 'How long one is kept, unless it says so itself.',
      default: '10min',
    }),
  }).meta({ description: 'Sessions: resources that are made for one test.' })
