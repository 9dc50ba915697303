/** Where the bridge fetches files, and where it will not. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileUnavailable, TelegramUnreachable } from '../../bot/errors.ts';
import { readWhole } from '../../bot/spool.ts';
import { sleep } from './kit/wait.ts';
import { openTelegramFile } from '../../bot/telegram/files.ts';

const TOKEN = '123456789:AAtestTokenOfTheFakeBotApi_0123456789';
let folder: string;
let server: Server;
let root: string;
const asked: string[] = [];
/** Milliseconds; a file takes longer than that in all. */
const SILENCE = 600;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-files-'));
  mkdirSync(join(folder, 'api'));
  writeFileSync(join(folder, 'api', 'photo.jpg'), 'picture');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync(join(folder, 'secret'), join(folder, 'api', 'link'));
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.endsWith('moved') === true) {
      response.writeHead(302, { location: 'http://127.0.0.1:1/inside' }).end();
    } else if (request.url?.endsWith('huge') === true) {
      response.writeHead(200, { 'content-length': 30 * 1024 * 1024 }).end();
    } else if (request.url?.endsWith('endless') === true) {
      response.writeHead(200);
      const write = () => void response.write(Buffer.alloc(1024 * 1024), write);
      write();
    } else if (request.url?.endsWith('slow') === true) {
      const drip = async () => {
        for (const byte of 'slowly') {
          response.write(byte);
          await sleep(SILENCE / 3);
        }
        response.end();
      };
      void drip();
    } else if (request.url?.endsWith('stuck') === true) {
      response.write('half');
    } else {
      response.end('bytes');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const fetchFile = async (path: string, apiFiles: string | null = null, silence?: number) => {
  const source = { botToken: TOKEN, apiRoot: root, apiFiles };
  const { stream } = await openTelegramFile(path, source, new AbortController().signal, silence);
  return (await readWhole(stream)).toString();
};

it('over HTTP, below the address of the Bot API', async () => {
  expect(await fetchFile('photos/file 1.jpg')).toBe('bytes');
  expect(asked.at(-1)).toBe(`/file/bot${TOKEN}/photos/file%201.jpg`);
});

it.each([
  ['a redirect', 'moved', TelegramUnreachable],
  ['30 MB', 'huge', FileUnavailable],
  ['no end', 'endless', FileUnavailable],
  ['a way up', '../../etc/passwd', FileUnavailable],
])('not with %s, and no error names the address', async (_what, path, kind) => {
  const error: unknown = await fetchFile(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).not.toContain(TOKEN);
});

it('for as long as something comes, and no longer', async () => {
  expect(await fetchFile('slow', null, SILENCE)).toBe('slowly');
  await expect(fetchFile('stuck', null, SILENCE)).rejects.toThrow(TelegramUnreachable);
});

it('from the disk of a local Bot API server, in its own folder only', async () => {
  const api = join(folder, 'api');
  expect(await fetchFile(join(api, 'photo.jpg'), api)).toBe('picture');
  for (const path of [
    join(folder, 'secret'),
    join(api, 'link'),
    `${api}/../secret`,
    '/etc/passwd',
  ]) {
    await expect(fetchFile(path, api)).rejects.toThrow(FileUnavailable);
  }
  await expect(fetchFile(join(api, 'photo.jpg'))).rejects.toThrow('BOT_API_FILES is not set');
});
