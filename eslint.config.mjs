import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'deploy/**',
      'node_modules/**',
      'coverage/**',
      '.venv/**',
      'test/clients/node/**',
      'loadtest/k6.js',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 4],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['src/sim/**'],
    rules: {
      // Somebody else's JSON has no `toString` to rely on: `textOf`.
      '@typescript-eslint/no-base-to-string': ['error', { checkUnknown: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "VariableDeclarator[id.typeAnnotation] > ObjectExpression.init[properties.length>0]:matches(VariableDeclarator:has(> Identifier TSTypeReference[typeName.name='Record'] > TSTypeParameterInstantiation > TSStringKeyword:first-child) > ObjectExpression)",
          message: 'A list that names are looked up in is made by `table`, which has no `constructor` in it.',
        },
        {
          selector: 'CallExpression[callee.name=/^encodeURI/]',
          message: 'Half a character makes it fail: `inAddress`.',
        },
        {
          selector:
            "BinaryExpression[operator='instanceof'] > Identifier.right[name=/^(FormData|Response|Headers|Request)$/]",
          message: 'The class makes Node load all of `fetch`: `isFormData`.',
        },
        {
          selector:
            "CallExpression[callee.property.name='map']:not([callee.object.name='path']):not([callee.object.property.name='path']) > Identifier.arguments[name='String']",
          message: 'It fails for an object whose `toString` is no function: `textOf`, or a check.',
        },
      ],
    },
  },
  { files: ['src/sim/base/text-of.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['*.config.mjs', '**/*.config.ts', 'examples/extensions/**'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': 'off',
      // What the service still takes is tested, whatever an SDK would rather have.
      '@typescript-eslint/no-deprecated': 'off',
    },
  },
)
