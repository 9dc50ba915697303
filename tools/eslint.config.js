import { dirname } from 'node:path';
import js from '@eslint/js';
import ts from 'typescript-eslint';
import { oneWay } from './oneWay.js';

const root = dirname(import.meta.dirname);

/** Each room, and what it may import from besides itself: docs/ARCHITECTURE.md draws the same. */
const rooms = {
  'web/ui': ['web/studio', 'web/texts', 'shared'],
  'web/studio': [
    'web/texts',
    'web/worker',
    'web/storage',
    'web/job',
    'web/pwa',
    'shared',
    'package.json',
  ],
  'web/worker': ['web/engine', 'web/storage', 'shared'],
  'web/pwa': ['web/worker', 'web/storage', 'web/job', 'shared'],
  'web/job': ['web/storage', 'shared'],
  'web/storage': ['web/engine', 'shared'],
  'web/texts': ['web/storage', 'shared'],
  'web/engine': ['shared'],
  bot: ['shared'],
  shared: [],
};

/** Inside these rooms each imports from those before it, and none back. */
const floors = {
  'web/engine': [
    'errors.ts',
    'graph',
    'lowering',
    'onnx',
    'autodiff',
    'runtime',
    'networks',
    'losses',
    'optimizers',
    'pipeline',
  ],
  'web/engine/graph': ['operators', 'builder.ts'],
  'web/studio': [
    'kit',
    'pictures',
    'regions',
    'notice',
    'engine',
    'networks',
    'choices',
    'run',
    'sketch',
    'result',
    'inbox',
    'gallery',
    'camera',
    'job',
    'app',
  ],
  bot: [
    'errors.ts',
    'secrets.ts',
    'capabilities.ts',
    'chat',
    'store',
    'metrics.ts',
    'spool.ts',
    'telegram',
    'conversation',
    'outbox',
    'jobs',
    'http',
    'bridge.ts',
  ],
  'web/ui': [
    'kit',
    'notice',
    'install',
    'pick',
    'regions',
    'run',
    'settings',
    'result',
    'job',
    'easel',
    'gallery',
    'app',
  ],
};

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
        tsconfigRootDir: root,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { house: { rules: { 'one-way': oneWay({ root, rooms, floors }) } } },
    rules: { 'house/one-way': 'error' },
  },
  {
    files: ['web/studio/**', 'web/texts/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['preact', 'preact/*', '@preact/signals'], message: 'for web/ui' }] },
      ],
    },
  },
);
