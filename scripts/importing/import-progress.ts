import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { Rejected } from "./product-row.ts";

/** How far an import of one file to one place has come. Beside the file, until it is through. */
export class Progress {
  readonly #path: string;
  readonly #of: string;
  done = 0;
  bad: readonly Rejected[] = [];

  private constructor(path: string, of: string) {
    this.#path = path;
    this.#of = of;
  }

  /** Goes on where the last one stopped, if that was of the same content and place. */
  static async of(file: string, text: string, url: string): Promise<Progress> {
    const hash = createHash("sha256").update(`${url}\n${text}`).digest("hex");
    const progress = new Progress(`${file}.progress`, hash);
    if (!existsSync(progress.#path)) return progress;
    const kept = JSON.parse(await readFile(progress.#path, "utf8")) as {
      of: string;
      done: number;
      bad: readonly Rejected[];
    };
    if (kept.of === hash) Object.assign(progress, { done: kept.done, bad: kept.bad });
    return progress;
  }

  async keep(done: number, bad: readonly Rejected[]): Promise<void> {
    this.done = done;
    this.bad = [...this.bad, ...bad];
    const draft = `${this.#path}.draft`;
    await writeFile(draft, JSON.stringify({ of: this.#of, done, bad: this.bad }));
    await rename(draft, this.#path); // whole or not at all
  }

  async finish(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

const WIDTH = 30;

/** "██████──── 12,000 of 50,000 products, rows rejected: 3". */
export function bar(done: number, all: number, rejected: number): string {
  const filled = all === 0 ? WIDTH : Math.floor((WIDTH * done) / all);
  const count = (n: number) => n.toLocaleString("en");
  return (
    `${"█".repeat(filled)}${"─".repeat(WIDTH - filled)} ` +
    `${count(done)} of ${count(all)} products, rows rejected: ${count(rejected)}`
  );
}
