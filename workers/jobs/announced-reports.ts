import { registry } from "../../payments/providers/registry.ts";
import {
  type AnnouncedReport,
  ProviderReports,
} from "../../payments/reconciliation/provider-report-store.ts";
import { assert } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { dayOf } from "./orphans.ts";
import { reconcile } from "./reconcile.ts";

const BATCH = 5;

/** Reads the reports that providers have announced into their books, and compares their days. */
export async function readReports(env: Env, nowMs: number): Promise<void> {
  const kept = new ProviderReports(env.CATALOG);
  const days = new Map<string, { readonly provider: ProviderName; readonly day: string }>();
  for (const report of await kept.unread(BATCH)) {
    const { provider } = report;
    const day = dayOf(report.announcedAtMs);
    const cause = await readOne(env, report, day);
    if (cause === undefined) {
      days.set(`${provider} ${day}`, { provider, day });
      await kept.markRead(report, nowMs);
    } else await kept.markUnread(report, cause);
  }
  for (const day of days.values()) await reconcile(env, day, nowMs);
}

/** Answers why it could not be read: it is tried again, behind the others. */
async function readOne(
  env: Env,
  report: AnnouncedReport,
  day: string,
): Promise<string | undefined> {
  const { provider, name } = report;
  try {
    const read = registry[provider].reports;
    assert(read, "only a provider with reports announces one");
    const bookings = await read(env, report, day);
    console.log({ event: "report.read", provider, name, bookings });
    return undefined;
  } catch (problem) {
    console.error({ event: "report.unread", provider, name, problem: String(problem) });
    return String(problem);
  }
}
