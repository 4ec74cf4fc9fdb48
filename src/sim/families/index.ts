/** The APIs that a resource speaks, one line each. */
import type { Family } from '../operation.ts'
import { claude } from './claude.ts'
import { dated } from './dated.ts'
import { inference } from './inference.ts'
import { own } from './own.ts'
import { project } from './project.ts'
import { v1 } from './v1.ts'

export const families: readonly Family[] = [dated, v1, project, inference, claude, own]
