/** Long work is done in slices, between which whatever else there is goes on. */

/** Goes on when the others have had their turn. */
export const turn = (goOn: () => void): void => void setImmediate(goOn)
