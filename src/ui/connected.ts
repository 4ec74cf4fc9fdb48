/** Whether the simulator is there: what a view asked for is asked again when it comes back. */
import { createContext } from 'preact'

export const Connected = createContext(true)
