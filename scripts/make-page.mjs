/** Bundles the page of `src/ui`: three files, with nothing in them that asks for anything from elsewhere. */
import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.dirname(import.meta.dirname)

/** @param {string} out the folder for `index.html`, `page.js` and `page.css` */
export async function makePage(out) {
  mkdirSync(out, { recursive: true })
  cpSync(path.join(root, 'src/ui/index.html'), path.join(out, 'index.html'))
  await build({
    absWorkingDir: root,
    entryPoints: { page: 'src/ui/page.tsx' },
    outdir: out,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  })
}
