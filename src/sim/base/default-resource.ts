/** The top level of the settings is the resource of this name. */
export const defaultResource = 'default'
