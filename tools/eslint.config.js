import { dirname } from 'node:path';
import js from '@eslint/js';
import ts from 'typescript-eslint';

/** Folders may only import in the direction docs/ARCHITECTURE.md draws: ui -> worker -> engine. */
const oneWay = (files, banned) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: banned.map((group) => ({ group: [group], message: 'wrong direction' })) },
    ],
  },
});

export default ts.config(
  { ignores: ['dist', 'node_modules', 'web/engine/onnx/onnx_pb.ts'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          'web/tsconfig.json',
          'web/worker/tsconfig.json',
          'web/pwa/tsconfig.json',
          'tools/tsconfig.json',
        ],
        tsconfigRootDir: dirname(import.meta.dirname),
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
  oneWay(
    ['web/engine/**'],
    ['**/worker/**', '**/storage/**', '**/ui/**', '**/bot/**', '**/tools/**'],
  ),
  oneWay(
    ['web/engine/graph/**'],
    ['**/onnx/**', '**/autodiff/**', '**/networks/**', '**/losses/**', '**/pipeline/**'],
  ),
  oneWay(['web/engine/graph/operators/**'], ['**/builder.ts']),
  oneWay(['web/engine/onnx/**'], ['**/autodiff/**', '**/losses/**', '**/pipeline/**']),
  oneWay(['web/storage/**'], ['**/worker/**', '**/job/**', '**/ui/**', '**/bot/**', '**/tools/**']),
  oneWay(['web/job/**'], ['**/engine/**', '**/worker/**', '**/ui/**', '**/bot/**', '**/tools/**']),
  oneWay(['web/worker/**'], ['**/ui/**', '**/bot/**', '**/tools/**']),
  oneWay(['web/pwa/**'], ['**/engine/**', '**/ui/**', '**/bot/**', '**/tools/**']),
  oneWay(['web/ui/**'], ['**/engine/**', '**/bot/**', '**/tools/**']),
  oneWay(['shared/**'], ['**/web/**', '**/bot/**', '**/tools/**']),
  oneWay(['bot/**'], ['**/web/**', '**/tools/**']),
);
