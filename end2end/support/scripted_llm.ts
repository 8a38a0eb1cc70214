// An OpenAI-compatible server whose answers the tests write piece by piece, so that no test has to wait for time to pass.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = { model: string; messages: { role: string; content: string }[] };

/** One question, and the pen with which its answer is written. */
export class Ask {
  /** Settled when the other side has hung up, or the answer has ended. */
  readonly closed: Promise<void>;

  constructor(
    readonly body: Body,
    private readonly response: ServerResponse,
  ) {
    this.closed = new Promise((resolve) => response.on('close', () => resolve()));
  }

  /** What the user asked last. */
  get prompt(): string {
    return this.body.messages.at(-1)?.content ?? '';
  }

  text(...pieces: string[]) {
    for (const content of pieces) this.delta({ content });
  }

  reasoning(piece: string) {
    this.delta({ reasoning_content: piece });
  }

  end(usage = { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 }, reason: 'stop' | 'length' = 'stop') {
    this.frame({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    this.frame({ choices: [], usage });
    this.response.end('data: [DONE]\n\n');
  }

  /** The answer ends because it has got too long. */
  reachLimit() {
    this.end(undefined, 'length');
  }

  /** The connection breaks in the middle of the answer. */
  cut() {
    this.response.destroy();
  }

  fail(message: string) {
    this.frame({ error: { message, type: 'server_error' } });
    this.response.end();
  }

  private delta(delta: object) {
    this.frame({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  private frame(frame: object) {
    this.response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...frame })}\n\n`);
  }
}

export class ScriptedLlm {
  /** What each request had in its header `Authorization`. */
  readonly keys: (string | undefined)[] = [];
  private readonly asks: Ask[] = [];
  private readonly waiting: ((ask: Ask) => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedLlm> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const llm = new ScriptedLlm(server, `http://127.0.0.1:${port}/v1`);
    server.on('request', (request, response) => void llm.serve(request, response));
    return llm;
  }

  /** The next question that is not about a title. */
  next(): Promise<Ask> {
    const ask = this.asks.shift();
    return ask ? Promise.resolve(ask) : new Promise((resolve) => this.waiting.push(resolve));
  }

  get unanswered(): number {
    return this.asks.length;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse) {
    this.keys.push(request.headers.authorization);
    if (request.url === '/v1/models') {
      const data = ['scripted-one', 'scripted-two'].map((id) => ({ id, object: 'model' }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data }));
      return;
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    response.setHeader('content-type', 'text/event-stream').flushHeaders();
    const ask = new Ask(JSON.parse(text), response);
    if (ask.body.messages[0]?.role === 'system' && ask.body.messages[0].content.includes('a title of')) {
      ask.text('A scripted title');
      ask.end();
      return;
    }
    const waiting = this.waiting.shift();
    if (waiting) waiting(ask);
    else this.asks.push(ask);
  }
}
