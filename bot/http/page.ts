import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PageMissingError } from '../errors.ts';

const TYPES: readonly [ending: string, type: string][] = [
  ['.wasm', 'application/wasm'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.onnx', 'application/octet-stream'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
];

/** Serve the built page: ranges, ETags, and a long life for what carries a hash in its name. */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  if (!existsSync(join(root, 'index.html'))) throw new PageMissingError(folder);
  const hashed = join(root, 'assets') + sep;
  await app.register(serveStatic, {
    root,
    dotfiles: 'ignore',
    cacheControl: false,
    // file.br or file.gz next to a file is sent in its place to whoever accepts it.
    preCompressed: true,
    setHeaders(reply, path) {
      const plain = path.replace(/\.(br|gz)$/, '');
      const type = TYPES.find(([ending]) => plain.endsWith(ending));
      if (type !== undefined) reply.setHeader('content-type', type[1]);
      const forever = plain.startsWith(hashed);
      reply.setHeader(
        'cache-control',
        forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).header('cache-control', 'no-store').type('text/plain').send('Not found\n');
  });
}
