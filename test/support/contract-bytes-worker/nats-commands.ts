import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LINE_END = '\r\n';

/** Messages of one subject, by the text protocol of NATS, on a socket of its own. */
export class NatsCommands {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** Returns when the server has the subscription: it answers PING after it. */
  static async subscribe(url: string, subject: string): Promise<NatsCommands> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const commands = new NatsCommands(socket);
    socket.write(`CONNECT {"verbose":false,"pedantic":false}${LINE_END}SUB ${subject} 1${LINE_END}PING${LINE_END}`);
    for (let line = await commands.#line(); line !== 'PONG'; line = await commands.#line()) {
      if (line?.startsWith('INFO ') !== true) throw new Error(`NATS says ${line}`);
    }
    return commands;
  }

  async *messages(): AsyncGenerator<Uint8Array> {
    for (let line = await this.#line(); line !== undefined; line = await this.#line()) {
      // MSG subject sid [reply] length; the reply subject is ignored.
      if (line.startsWith('MSG ')) yield await this.#payload(Number(line.split(' ').at(-1)));
      else if (line === 'PING') this.#socket.write(`PONG${LINE_END}`);
      else if (line.startsWith('-ERR')) throw new Error(`NATS says ${line}`);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** @returns undefined at the end of the connection */
  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(LINE_END);
      if (end >= 0) return this.#take(end, LINE_END.length).toString();
      if (!(await this.#read())) return undefined;
    }
  }

  async #payload(length: number): Promise<Uint8Array> {
    while (this.#rest.length < length + LINE_END.length) {
      if (!(await this.#read())) throw new Error('NATS went away in the middle of a message');
    }
    return this.#take(length, LINE_END.length);
  }

  #take(length: number, behind: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length + behind);
    return taken;
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done === true) return false;
    this.#rest = Buffer.concat([this.#rest, value]);
    return true;
  }
}
