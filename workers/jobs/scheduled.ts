import { deliverMissedWebhooks } from "./missed-webhooks.ts";
import { resolveFindings } from "./orphans.ts";
import { reconcileDueDays } from "./reconcile.ts";
import { redeliverWebhooks } from "./redeliver.ts";
import { forgetWebhooks } from "./retention.ts";
import { readReports } from "./settlement-reports.ts";

type Job = (env: Env, nowMs: number) => Promise<void>;

/** What runs when, by the crons of wrangler.toml. UTC. */
const jobs: Readonly<Record<string, readonly Job[]>> = {
  "* * * * *": [redeliverWebhooks, resolveFindings],
  "*/5 * * * *": [deliverMissedWebhooks, readReports],
  "20 3 * * *": [reconcileDueDays, forgetWebhooks],
};

/**
 * Runs the jobs of a cron, one after the other; one that fails holds up no other.
 * Throws: when one failed, so that the platform counts it; the next time goes on from there.
 */
export async function runJobs(cron: string, env: Env, nowMs: number): Promise<void> {
  const due = jobs[cron];
  if (!due) throw new Error(`Bug: nothing runs at ${cron}`);
  const failures: unknown[] = [];
  for (const job of due) {
    try {
      await job(env, nowMs);
    } catch (problem) {
      console.error({ event: "job.failed", job: job.name, problem: String(problem) });
      failures.push(problem);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `Jobs of ${cron} failed`);
}
