// The binary under test: started on a free port with a data folder of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const binary = process.env.CONFAB_BIN ?? join(import.meta.dirname, '../../target/debug/confab');

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Confab {
  private process?: ChildProcess;
  private output: string[] = [];
  private printed: string[] = [];

  private constructor(
    private readonly data: string,
    private readonly port: number,
    private readonly variables: Record<string, string>,
  ) {}

  /** The port is a free one, unless somebody had to know it before. */
  static async start(variables: Record<string, string> = {}, port?: number): Promise<Confab> {
    const confab = new Confab(await mkdtemp(join(tmpdir(), 'confab-')), port ?? (await freePort()), variables);
    await confab.run();
    return confab;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the server has logged. */
  get log(): string {
    return this.output.join('\n');
  }

  /** What the server has said to whoever started it. */
  get greeting(): string {
    return this.printed.join('\n');
  }

  /** Starts the process and waits until it serves. */
  async run() {
    const child = spawn(binary, [], { env: this.environment, cwd: this.data, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    createInterface({ input: child.stderr }).on('line', (line) => this.output.push(line));
    createInterface({ input: child.stdout }).on('line', (line) => this.printed.push(line));
    const isReady = () => fetch(`${this.origin}/ready`).then((response) => response.ok, () => false);
    while (!(await isReady())) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`confab ended with ${child.exitCode}: ${this.log}`);
      await setTimeout(20);
    }
  }

  /** A fresh address that signs the owner, or a user of this name, in. */
  async loginLink(...options: string[]): Promise<string> {
    const run = promisify(execFile);
    const { stdout } = await run(binary, ['login-link', ...options], { env: this.environment, cwd: this.data });
    return stdout.trim();
  }

  /** Ends the process: `SIGKILL` is a crash, `SIGTERM` the orderly way. Gives the exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    child.kill(signal);
    return ended;
  }

  async remove() {
    await this.end('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  private get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      CONFAB_DATA_DIR: this.data,
      CONFAB_LOCAL_MODEL: 'off',
      PORT: String(this.port),
      ...this.variables,
    };
  }
}
