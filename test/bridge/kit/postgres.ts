import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';

/** Debian keeps the server's programs off the PATH; null: not installed. */
export function postgresPrograms(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const found = readdirSync(VERSIONS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
  return found ?? null;
}

/** A PostgreSQL of our own in a temporary folder, gone after the tests. */
export class Cluster {
  readonly #bin: string;
  readonly #folder: string;
  readonly #port: number;

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<Cluster> {
    const bin = postgresPrograms();
    if (bin === null) throw new Error('PostgreSQL is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'restyle-pg-'));
    // The server refuses to run as root; Debian's package has made it a user.
    if (isRoot()) execFileSync('chown', ['postgres', folder]);
    const cluster = new Cluster(bin, folder, await freePort());
    const data = join(folder, 'data');
    await cluster.#program('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '-N']);
    // Tests kill processes, not machines: commits need not wait for the disk.
    const options = `-c fsync=off -p ${cluster.#port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200`;
    const log = join(folder, 'log');
    await cluster.#program('pg_ctl', ['-D', data, '-w', '-l', log, '-o', options, 'start']);
    return cluster;
  }

  /** The address of a new, empty database. */
  async database(): Promise<string> {
    const name = `t${randomBytes(6).toString('hex')}`;
    await this.#order(`create database ${name}`);
    return this.#address(name);
  }

  async drop(address: string): Promise<void> {
    await this.#order(`drop database ${new URL(address).pathname.slice(1)} with (force)`);
  }

  async #order(sql: string): Promise<void> {
    const client = new pg.Client(this.#address('postgres'));
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  async stop(): Promise<void> {
    await this.#program('pg_ctl', ['-D', join(this.#folder, 'data'), '-m', 'immediate', 'stop']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #address(name: string): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/${name}`;
  }

  async #program(name: string, args: readonly string[]): Promise<void> {
    const program = join(this.#bin, name);
    // Its working folder has to be one that the user postgres may enter.
    const options = { cwd: this.#folder };
    if (isRoot()) await run('runuser', ['-u', 'postgres', '--', program, ...args], options);
    else await run(program, [...args], options);
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
