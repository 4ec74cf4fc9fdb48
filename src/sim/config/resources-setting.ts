/** `resources` in the settings; what stands in it is read by `resources.ts`, each by itself. */
import * as z from 'zod'

export const resourcesSetting = () =>
  z
    .record(z.string(), z.record(z.string(), z.unknown().meta({ secret: true }), { error: 'a mapping of settings' }), {
      error: 'a mapping of resources by name',
    })
    .meta({
      startOnly: true,
      description:
        'More resources by name, each with keys (`apiKeys`), `hosts`, `region` and any setting that concerns answers; what it does not set is as at the top level.',
      default: {},
    })
