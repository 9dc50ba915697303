import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeChat, Refusal } from './chat.ts';
import { type Fault, FaultQueue } from './faults.ts';
import { METHODS, type Payload } from './methods.ts';
import { type Form, parseForm } from './multipart.ts';
import { FakePerson } from './person.ts';
import type { FakeState } from './state.ts';
import { type Hook, UpdateQueue } from './updates.ts';

/** A Telegram of our own: what its people see, and every trouble that the real one can make. */
export class FakeTelegram implements FakeState {
  readonly token = '123456789:AAtestTokenOfTheFakeBotApi_0123456789';
  readonly botName = 'restyle_test_bot';
  readonly faults = new FaultQueue();
  readonly updates = new UpdateQueue();
  /** Methods in the order they were called. */
  readonly calls: string[] = [];
  readonly #chats = new Map<number, FakeChat>();
  readonly #files = new Map<string, { path: string; bytes: Buffer }>();
  readonly #answers = new Map<string, string | null>();
  readonly #server: Server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  #messageId = 100;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.updates.setHook(null);
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  chat(id: number): FakeChat {
    const chat = this.#chats.get(id) ?? new FakeChat(id);
    this.#chats.set(id, chat);
    return chat;
  }

  person(id: number, language = 'en'): FakePerson {
    return new FakePerson(this, id, language);
  }

  nextMessageId(): number {
    return this.#messageId++;
  }

  keepFile(bytes: Buffer, kind: string): string {
    const sha = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const id = `${kind}_${this.#files.size}_${sha}`;
    this.#files.set(id, { path: `${kind}s/file_${this.#files.size}.bin`, bytes });
    return id;
  }

  /** Gone for good, as files are after a while. */
  loseFiles(): void {
    this.#files.clear();
  }

  file(id: string): { path: string; bytes: Buffer } | undefined {
    return this.#files.get(id);
  }

  setHook(hook: Hook | null): void {
    this.updates.setHook(hook);
  }

  noteAnswer(pressId: string, text: string | null): void {
    this.#answers.set(pressId, text);
  }

  /** The line that a press was answered with; undefined: not answered (yet). */
  answerTo(pressId: string): string | null | undefined {
    return this.#answers.get(pressId);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, kind, ...rest] = url.pathname.split('/');
    if (kind === 'file') {
      this.#download(rest, response);
      return;
    }
    const method = rest[0] ?? '';
    if (kind !== `bot${this.token}`) {
      answer(response, { ok: false, error_code: 401, description: 'Unauthorized' });
      return;
    }
    this.calls.push(method);
    const fault = this.faults.take(method);
    if (fault !== null && isBefore(fault)) {
      request.resume();
      spoil(fault, response);
      return;
    }
    const body = await readBody(request);
    const form = formOf(body, request.headers['content-type'] ?? '');
    const payload = form === null ? parseJson(body) : form.fields;
    const reply = await this.#perform(method, payload, form, response);
    if (fault === null) answer(response, reply);
    else spoil(fault, response);
  }

  async #perform(
    method: string,
    payload: Payload,
    form: Form | null,
    response: ServerResponse,
  ): Promise<Reply> {
    try {
      if (method === 'getUpdates') return await this.#getUpdates(payload, response);
      const perform = METHODS[method];
      if (perform === undefined) throw new Refusal(404, 'Not Found');
      return { ok: true, result: perform(this, payload, form) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code: error_code, message: description, parameters } = error;
      return { ok: false, error_code, description, ...(parameters && { parameters }) };
    }
  }

  async #getUpdates(payload: Payload, response: ServerResponse): Promise<Reply> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const offset = Number(payload['offset'] ?? 0);
    const seconds = Number(payload['timeout'] ?? 0);
    const result = await this.updates.poll(offset, seconds, gone.signal);
    if (result === null) {
      throw new Refusal(409, 'Conflict: terminated by other getUpdates request');
    }
    return { ok: true, result };
  }

  #download([bot, ...path]: string[], response: ServerResponse): void {
    const fault = this.faults.take('download');
    if (fault !== null) {
      spoil(fault, response);
      return;
    }
    const name = path.join('/');
    const file = [...this.#files.values()].find((one) => one.path === name);
    if (bot !== `bot${this.token}` || file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': file.bytes.length });
    response.end(file.bytes);
  }
}

interface Reply {
  readonly ok: boolean;
  readonly error_code?: number;
  readonly [field: string]: unknown;
}

function isBefore(fault: Fault): boolean {
  return fault.kind === 'slow down' || fault.kind === 'refuse' || fault.when === 'before';
}

/** Answer a call in the way a fault demands. */
function spoil(fault: Fault, response: ServerResponse): void {
  switch (fault.kind) {
    case 'slow down':
      answer(response, {
        ok: false,
        error_code: 429,
        description: `Too Many Requests: retry after ${fault.seconds}`,
        parameters: { retry_after: fault.seconds },
      });
      return;
    case 'refuse':
      answer(response, {
        ok: false,
        error_code: fault.code,
        description: fault.description,
      });
      return;
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
      return;
    case 'drop':
      response.destroy();
      return;
    case 'garbage':
      response.writeHead(200).end(fault.text ?? '<html>Log in to the hotel network</html>');
      return;
    case 'hang':
      return;
  }
}

function answer(response: ServerResponse, reply: Reply): void {
  const status = reply.ok ? 200 : (reply.error_code ?? 500);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function formOf(body: Buffer, contentType: string): Form | null {
  return contentType.startsWith('multipart/form-data') ? parseForm(body, contentType) : null;
}

function parseJson(body: Buffer): Payload {
  return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Payload);
}
