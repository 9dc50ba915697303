import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelEntry } from '../../../shared/models.ts';

/** How the server treats one request for the model. */
export type Mood =
  | 'well'
  /** Sends so many bytes of the answer, and ends the connection once the page says that it has them. */
  | { readonly breakAfter: number }
  | 'ignores-range'
  | 'wrong-bytes'
  | 'too-long'
  | 'gone'
  /** For good: browsers ask again by themselves when a connection that was open before breaks. */
  | 'down';

export interface Asked {
  readonly range: string | null;
  readonly status: number;
}

/** A server in front of the page's own, which gives the one model `/models/test.onnx` as badly as it is told. */
export class TroubledServer {
  readonly asked: Asked[] = [];
  /** One for each request to come; after the last, all is well. */
  moods: Mood[] = [];
  etag = '"one"';
  body: Buffer;
  readonly #server: Server;
  #hanging: { readonly response: ServerResponse; readonly until: number } | null = null;

  private constructor(origin: string, body: Buffer) {
    this.body = body;
    this.#server = createServer((request, response) => {
      const { url = '/' } = request;
      if (url === '/models/test.onnx') this.#answer(request, response);
      else if (url.startsWith('/reached/')) this.#reached(Number(url.slice(9)), response);
      else void passOn(origin, request, response);
    });
  }

  static async open(origin: string, body: Buffer): Promise<TroubledServer> {
    const server = new TroubledServer(origin, body);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/models/test.onnx`;
  }

  /** What a manifest says of the file as it is now. */
  get entry(): ModelEntry {
    return {
      id: 'test',
      file: 'test.onnx',
      bytes: this.body.length,
      sha256: createHash('sha256').update(this.body).digest('hex'),
      label: 'Test network',
      licence: 'none',
      source: 'test',
    };
  }

  /** The requests since the last call. */
  take(): Asked[] {
    return this.asked.splice(0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const mood = (this.moods[0] === 'down' ? 'down' : this.moods.shift()) ?? 'well';
    const range = request.headers.range ?? null;
    const log = (status: number) => this.asked.push({ range, status });
    if (mood === 'down') {
      log(0);
      request.socket.destroy();
      return;
    }
    if (mood === 'gone') {
      log(404);
      response.writeHead(404).end();
      return;
    }
    const { length } = this.body;
    const from =
      mood === 'ignores-range' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const status = from > 0 ? 206 : 200;
    log(status);
    let bytes = this.body.subarray(from);
    if (mood === 'wrong-bytes') bytes = Buffer.from(bytes.map((byte) => byte ^ 1));
    if (mood === 'too-long') bytes = Buffer.concat([bytes, bytes]);
    response.writeHead(status, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'accept-ranges': 'bytes',
      etag: this.etag,
      ...(from > 0 && { 'content-range': `bytes ${from}-${length - 1}/${length}` }),
    });
    if (typeof mood === 'string') {
      response.end(bytes);
    } else {
      response.write(bytes.subarray(0, mood.breakAfter));
      this.#hanging = { response, until: from + mood.breakAfter };
    }
  }

  #reached(loaded: number, response: ServerResponse): void {
    response.writeHead(204).end();
    if (loaded >= (this.#hanging?.until ?? Infinity)) this.#hanging?.response.destroy();
  }
}

async function passOn(
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await fetch(new URL(request.url ?? '/', origin));
  const headers = Object.fromEntries(
    [...answer.headers].filter(
      ([name]) =>
        !/^(content-encoding|content-length|transfer-encoding|connection|keep-alive)$/.test(name),
    ),
  );
  response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
}
