/** The page, as the server hands it out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PageMissingError } from '../../bot/errors.ts';
import { CONTENT_SECURITY_POLICY } from '../../bot/http/headers.ts';
import { buildServer } from '../../bot/server.ts';

let folder: string;
let app: FastifyInstance;
const WASM = Buffer.alloc(100_000, 7);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-page-'));
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Restyle</title>');
  writeFileSync(join(folder, 'sw.js'), 'self');
  writeFileSync(join(folder, 'app.webmanifest'), '{}');
  writeFileSync(join(folder, '.env'), 'SECRET=1');
  writeFileSync(join(folder, 'models', 'vgg.onnx'), 'weights');
  writeFileSync(join(folder, 'assets', 'ort-1234.wasm'), WASM);
  writeFileSync(join(folder, 'assets', 'ort-1234.mjs'), 'export {};'.repeat(99));
  writeFileSync(join(folder, 'assets', 'ort-1234.mjs.gz'), gzipSync('export {};'.repeat(99)));
  app = await buildServer({ page: folder });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const LONG = 'public, max-age=31536000, immutable';

it.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
  ['/sw.js', 'application/javascript; charset=utf-8', 'no-cache'],
  ['/app.webmanifest', 'application/manifest+json', 'no-cache'],
  ['/models/vgg.onnx', 'application/octet-stream', 'no-cache'],
  ['/assets/ort-1234.wasm', 'application/wasm', LONG],
  ['/assets/ort-1234.mjs', 'application/javascript; charset=utf-8', LONG],
])('%s is %s, %s', async (url, type, cache) => {
  const answer = await app.inject({ url });
  expect(answer.statusCode).toBe(200);
  expect([answer.headers['content-type'], answer.headers['cache-control']]).toEqual([type, cache]);
});

it.each(['/.env', '/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/nothing'])(
  '%s is not there',
  async (url) => {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.body]).toEqual([404, 'Not found\n']);
  },
);

it('comes with what isolates it and keeps strangers out', async () => {
  const { headers } = await app.inject({ url: '/' });
  expect(headers).toMatchObject({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(CONTENT_SECURITY_POLICY).toMatchInlineSnapshot(
    `"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' blob: data:; img-src 'self' blob: data:; style-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://web.telegram.org https://webk.telegram.org https://weba.telegram.org"`,
  );
});

it('is sent in parts, and not again when it has not changed', async () => {
  const url = '/assets/ort-1234.wasm';
  const part = await app.inject({ url, headers: { range: 'bytes=10-19' } });
  expect([part.statusCode, part.rawPayload.length]).toEqual([206, 10]);
  expect(part.headers['content-range']).toBe('bytes 10-19/100000');
  const { headers } = await app.inject({ url });
  const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
});

it('is sent packed to those who can unpack it', async () => {
  const url = '/assets/ort-1234.mjs';
  const packed = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.headers['content-type']).toContain('javascript');
  expect(packed.headers['cache-control']).toBe(LONG);
});

it('asks to be built when it is not', async () => {
  const missing = buildServer({ page: join(folder, 'dist') });
  await expect(missing).rejects.toThrow(PageMissingError);
  await expect(missing).rejects.toThrow('dist/index.html is missing');
});
