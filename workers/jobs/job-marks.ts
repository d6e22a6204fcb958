/** How far each job has come. Statements of D1 CATALOG. */
export class JobMarks {
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** How far a job has come, epoch ms; undefined before its first time. */
  async mark(job: string): Promise<number | undefined> {
    const row = await this.#d1
      .prepare("SELECT at_ms FROM job_marks WHERE job = ?")
      .bind(job)
      .first<{ at_ms: number }>();
    return row?.at_ms;
  }

  async setMark(job: string, atMs: number): Promise<void> {
    await this.#d1
      .prepare(
        "INSERT INTO job_marks VALUES (?, ?) ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
      )
      .bind(job, atMs)
      .run();
  }
}
