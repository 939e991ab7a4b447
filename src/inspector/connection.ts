import type { EventEmitter } from 'node:events';
import type CDP from 'chrome-remote-interface';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping';
import { cancelled, HeapwrightError } from '../protocol/errors';
import { Listeners, type Subscription } from './listeners';
import type { NodeCommands, NodeEvents } from './node-protocol';

type Commands = ProtocolMapping.Commands & NodeCommands;
type Events = ProtocolMapping.Events & NodeEvents;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** ms; without it a call waits as long as the connection lives. */
  readonly timeoutMs?: number;
}

/** The TCP socket inside chrome-remote-interface's WebSocket; backpressure needs it and there is no public way to it. */
interface PausableSocket {
  pause(): void;
  resume(): void;
}

/** What messages go through: a WebSocket, or the NodeWorker domain of another connection. */
export interface ProtocolClient {
  send(method: string, parameters: unknown): Promise<unknown>;
  on(event: string, listener: (event: unknown) => void): unknown;
  off(event: string, listener: (event: unknown) => void): unknown;
  close(): Promise<unknown>;
  readonly socket?: PausableSocket | undefined;
  /** Emits `message` with what comes, where it is not known to come from an inspector. */
  readonly messages?: EventEmitter | undefined;
}

/**
 * A connection to one inspector target: typed calls that can be cancelled and timed out, typed events, and an end that
 * is told once.
 */
export class Connection {
  readonly url: string;
  readonly #client: ProtocolClient;
  readonly #closed = new Listeners<void>();
  #isOpen = true;
  #isNonsense = false;

  /**
   * @throws `not-an-inspector` when the handshake fails, `target-timeout` when it takes longer than `timeoutMs`,
   *   `cancelled`.
   */
  static async open(url: string, options: { signal?: AbortSignal; timeoutMs: number }): Promise<Connection> {
    // Loaded with the first connection: its description of the protocol alone is a megabyte, which no start has to read.
    // `local` takes that description from the package instead of asking the target for it.
    const opening = import('chrome-remote-interface').then(({ default: open }) =>
      open({ target: url, local: true }),
    );
    try {
      return new Connection(url, overWebSocket(await race(opening, options, url)));
    } catch (error) {
      // A connection that comes about after all has nobody to use it.
      opening.then(
        (client) => client.close(),
        () => {},
      );
      if (error instanceof HeapwrightError) throw error;
      throw refused(url, error);
    }
  }

  /** A connection over something else than a WebSocket of its own. `url` is for messages. */
  static over(url: string, client: ProtocolClient): Connection {
    return new Connection(url, client);
  }

  private constructor(url: string, client: ProtocolClient) {
    this.url = url;
    this.#client = client;
    client.on('disconnect', () => this.#end());
    this.#refuseNonsense();
  }

  /**
   * The library takes for granted that each message is a message, and throws where nobody can catch it. Whatever speaks
   * something else is no inspector: the connection ends, as if the other side had gone.
   */
  #refuseNonsense(): void {
    const socket = this.#client.messages;
    if (!socket) return;
    const handlers = socket.listeners('message') as ((data: string | Buffer) => void)[];
    socket.removeAllListeners('message');
    socket.on('message', (data: string | Buffer) => {
      try {
        if (!looksLikeMessage(data)) throw new SyntaxError('no object');
        for (const handler of handlers) handler(data);
      } catch (error) {
        // What our own listeners throw is theirs.
        if (!(error instanceof SyntaxError)) throw error;
        this.#isNonsense = true;
        this.#end();
        void this.#client.close().catch(() => {});
      }
    });
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closed.fire();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Calls a method of the protocol.
   * @throws `inspector-closed` when the connection is or gets lost, `target-timeout`, `cancelled`; the protocol's own
   *   errors as they come.
   */
  async send<Method extends keyof Commands>(
    method: Method,
    parameters: Commands[Method]['paramsType'][0],
    options: CallOptions = {},
  ): Promise<Commands[Method]['returnType']> {
    if (!this.#isOpen) throw this.#isNonsense ? nonsense(this.url) : closed();
    const answer = this.#client.send(method, parameters ?? {}) as Promise<Commands[Method]['returnType']>;
    try {
      return await race(answer, options, this.url);
    } catch (error) {
      if (this.#isNonsense) throw nonsense(this.url);
      if (!this.#isOpen && !(error instanceof HeapwrightError)) throw closed(error);
      throw error;
    }
  }

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name][0]) => void): Subscription {
    const handler = (event: unknown) => listener(event as Events[Name][0]);
    this.#client.on(name, handler);
    return { dispose: () => void this.#client.off(name, handler) };
  }

  /** Fires once when the other side is gone; not after {@link dispose}. */
  onDidClose(listener: () => void): Subscription {
    return this.#closed.add(listener);
  }

  /** Stops reading from the socket, so that a fast target waits for a slow disk instead of filling our memory. */
  pauseReading(): void {
    this.#client.socket?.pause();
  }

  resumeReading(): void {
    this.#client.socket?.resume();
  }

  dispose(): void {
    this.#closed.clear();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.resumeReading();
    void this.#client.close().catch(() => {});
  }
}

/** Objects alone are messages. */
function looksLikeMessage(data: string | Buffer): boolean {
  return (typeof data === 'string' ? data.charCodeAt(0) : data[0]) === '{'.charCodeAt(0);
}

/** The library's client, whose own types ask for one overload per method and hide the socket. */
function overWebSocket(client: CDP.Client): ProtocolClient {
  const untyped = client as unknown as ProtocolClient & {
    _ws?: EventEmitter & { _socket?: PausableSocket };
  };
  // Each worker thread of a process may listen.
  (client as unknown as EventEmitter).setMaxListeners(0);
  return {
    send: (method, parameters) => untyped.send(method, parameters),
    on: (event, listener) => untyped.on(event, listener),
    off: (event, listener) => untyped.off(event, listener),
    close: () => untyped.close(),
    get socket() {
      return untyped._ws?._socket;
    },
    get messages() {
      return untyped._ws;
    },
  };
}

/** The answer, or whichever of cancellation and deadline comes first. */
async function race<T>(answer: Promise<T>, { signal, timeoutMs }: CallOptions, url: string): Promise<T> {
  if (!signal && timeoutMs === undefined) return await answer;
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const limits = new Promise<never>((_, reject) => {
    if (timeoutMs !== undefined) timer = setTimeout(() => reject(timedOut(url, timeoutMs)), timeoutMs);
    abort = () => reject(cancelled());
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([answer, limits]);
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
    // When a limit won, nobody is left to hear of the answer's failure.
    answer.catch(() => {});
  }
}

function refused(url: string, cause: unknown): HeapwrightError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const status = /Unexpected server response: (\d+)/.exec(why)?.[1];
  if (status) {
    return new HeapwrightError(
      'inspector-busy',
      `The inspector at ${url} refused the connection (HTTP ${status}).`,
      'The program may have restarted, or it lets only one debugger in: detach the other one, then attach by host:port.',
      { cause },
    );
  }
  return new HeapwrightError(
    'not-an-inspector',
    `No inspector answers at ${url}: ${why}.`,
    'Check that the program runs with "node --inspect" and that the port is the one it printed.',
    { cause },
  );
}

function nonsense(url: string): HeapwrightError {
  return new HeapwrightError(
    'not-an-inspector',
    `What answers at ${url} does not speak the inspector’s protocol.`,
    'Check the port: it may belong to another program.',
  );
}

function timedOut(url: string, timeoutMs: number): HeapwrightError {
  return new HeapwrightError(
    'target-timeout',
    `The target at ${url} did not answer within ${timeoutMs} ms.`,
    'It may be blocked in synchronous work or suspended (Ctrl+Z); let it go on, or raise the setting "heapwright.attach.timeout".',
  );
}

function closed(cause?: unknown): HeapwrightError {
  return new HeapwrightError(
    'inspector-closed',
    'The connection to the process is lost.',
    'It has ended or closed its inspector; start it again and attach.',
    { cause },
  );
}
