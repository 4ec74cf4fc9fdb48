/** `sessions`: resources that are made while the simulator runs. */
import { group, whole } from './forms.ts'
import { timeout } from './schema-kinds.ts'

export const sessionsSetting = () =>
  group({
    maxSessions: whole(1, 100_000).meta({
      startOnly: true,
      description: 'How many there are at once; the one that was idle longest goes first.',
      default: 1000,
    }),
    lifetime: timeout().meta({
      startOnly: true,
      description: 'How long one is kept where it does not say so itself.',
      default: '10min',
    }),
  }).meta({ description: 'Resources that are made for one test.' })
