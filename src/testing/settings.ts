/** The settings as a test writes them. What is published has the type of each: see `scripts/settings-types.mjs`. */

/** As in `sim.yaml`. */
export type Settings = { readonly [name: string]: unknown }
