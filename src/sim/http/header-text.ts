/** A deployment's name comes from the path and may hold what no header may. */
export const headerText = (text: string) => (/^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text))
