/**
 * The Redis library, in a module of its own to be imported where it is used: a bundle knows the names that a CommonJS
 * package exports where they are imported like this, and does not where the package itself is imported late.
 */
export { createClient } from '@redis/client'
