import type { StatementSync } from 'node:sqlite';
import type { Database } from './sqlite.ts';

/** Names kept in memory; beyond it the memory begins anew. */
const MAX_REMEMBERED = 10_000;

/** Numbers for names that would else stand in every row. */
export class NameTable {
  readonly #find: StatementSync;
  readonly #findName: StatementSync;
  readonly #add: StatementSync;
  readonly #remove: StatementSync;
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();

  constructor(database: Database, table: 'simulation' | 'event_key') {
    this.#find = database.prepare(`SELECT number FROM ${table} WHERE name = ?`);
    this.#findName = database.prepare(`SELECT name FROM ${table} WHERE number = ?`);
    this.#add = database.prepare(`INSERT INTO ${table} (name) VALUES (?)`);
    this.#remove = database.prepare(`DELETE FROM ${table} WHERE number = ?`);
  }

  /** The number of a name, given to it now if it has none. */
  numberOf(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const number = Number(this.#add.run(name).lastInsertRowid);
    this.#remember(name, number);
    return number;
  }

  find(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const row = this.#find.get(name);
    if (row === undefined) return undefined;
    const number = Number(row['number']);
    this.#remember(name, number);
    return number;
  }

  nameOf(number: number): string {
    const known = this.#names.get(number);
    if (known !== undefined) return known;
    const name = String(this.#findName.get(number)?.['name']);
    this.#remember(name, number);
    return name;
  }

  remove(number: number): void {
    this.#remove.run(number);
    const name = this.#names.get(number);
    this.#names.delete(number);
    if (name !== undefined) this.#numbers.delete(name);
  }

  /** To be called when a transaction was rolled back: some of what is remembered may not be in the table. */
  forget(): void {
    this.#numbers.clear();
    this.#names.clear();
  }

  #remember(name: string, number: number): void {
    if (this.#numbers.size >= MAX_REMEMBERED) this.forget();
    this.#numbers.set(name, number);
    this.#names.set(number, name);
  }
}
