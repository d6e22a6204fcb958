import { adyenConfigFrom } from "../../payments/adyen/config.ts";
import { downloadReport } from "../../payments/adyen/report-download.ts";
import { Bookings } from "../../payments/adyen/settlement-bookings.ts";
import { readSettlementReport } from "../../payments/adyen/settlement-report.ts";
import {
  type AnnouncedReport,
  ProviderReports,
} from "../../payments/reconciliation/provider-report-store.ts";
import { dayOf } from "./orphans.ts";
import { reconcile } from "./reconcile.ts";

const BATCH = 5;

/** Reads the settlement reports that Adyen has announced, and compares their days. */
export async function readReports(env: Env, nowMs: number): Promise<void> {
  const kept = new ProviderReports(env.CATALOG);
  const days = new Set<string>();
  for (const report of await kept.unread(BATCH)) {
    const cause = await readOne(env, report);
    if (cause === undefined) {
      days.add(dayOf(report.announcedAtMs));
      await kept.markRead(report, nowMs);
    } else await kept.markUnread(report, cause);
  }
  for (const day of days) await reconcile(env, { provider: "adyen", day }, nowMs);
}

/** Answers why it could not be read: it is tried again, behind the others. */
async function readOne(env: Env, report: AnnouncedReport): Promise<string | undefined> {
  const { name, announcedAtMs } = report;
  const day = dayOf(announcedAtMs);
  try {
    const bookings = readSettlementReport(await downloadReport(adyenConfigFrom(env), report));
    await new Bookings(env.CATALOG).keep({ provider: "adyen", day }, bookings);
    console.log({ event: "report.read", provider: "adyen", name, bookings: bookings.length });
    return undefined;
  } catch (problem) {
    console.error({ event: "report.unread", provider: "adyen", name, problem: String(problem) });
    return String(problem);
  }
}
