/** A deployment's name comes from the path and may hold what no header may. */
import { inAddress } from '../base/text-of.ts'
export const headerText = (text: string) => (/^[\x21-\x7e]*$/.test(text) ? text : inAddress(text))
