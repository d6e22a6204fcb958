import { attemptOf, type Entry, netMinor, stands } from "../providers/provider-ledger.ts";
import { PIECES, total } from "../sales/merchant-calls.ts";
import type { World } from "./model-world.ts";

/** What is wrong in a state, whatever may still follow. */
export function wrongNow(world: World): readonly string[] {
  const findings = [...world.witness.findings, ...world.problems];
  const { entries } = world.outside.ledger;
  for (const entry of entries) {
    const { reference, amountMinor, capturedMinor, refundedMinor } = entry;
    if (capturedMinor > amountMinor) findings.push(`I1: more is taken at ${reference} than held`);
    if (refundedMinor > capturedMinor) findings.push(`more went back at ${reference} than came`);
    if (netMinor(entry) > total.amountMinor) findings.push(`I1: ${reference} is above the total`);
  }
  // What shoppers pay themselves may come twice, and then goes back; what we take may not.
  const taken = entries.filter((each) => each.method === "card" && netMinor(each) > 0);
  if (taken.length > 1) findings.push("I1: money is taken twice");
  for (const { attempt, status, lateOf } of world.checkout.payments) {
    if (status !== "declined" && status !== "voided") continue;
    for (const [payment, standing] of world.witness.standing) {
      const isIts = payment.startsWith(`${lateOf ?? attempt}/`);
      if (isIts && standing !== "none")
        findings.push(`I9: ${status}, and ${payment} is ${standing}`);
    }
    for (const entry of entries) {
      const isIts = attemptOf(entry.ours) === (lateOf ?? attempt);
      if (isIts && isOurDoing(entry))
        findings.push(`I9: ${status}, and money stands at ${entry.reference}`);
    }
  }
  const { received, available, held, allocated, gone } = world.stock;
  const parts = [available, held, allocated, gone];
  if (received !== parts.reduce((sum, each) => sum + each, 0)) findings.push("I4: stock is lost");
  if (parts.some((each) => each < 0)) findings.push("I4: stock is oversold");
  return findings;
}

/** Money that came by a call of ours in its time, and stands. */
function isOurDoing(entry: Entry): boolean {
  return entry.method === "card" && stands(entry) && !entry.isLate;
}

const ENDS = ["captured", "cancelled", "expired"];

/** What is wrong with a sale at which nothing can happen any more. */
export function wrongAtRest(world: World): readonly string[] {
  const findings: string[] = [];
  const { checkout, runs, asked, stock } = world;
  const { order, status, paidBy } = checkout;
  if (!ENDS.includes(status)) findings.push(`at rest the checkout is ${status}`);
  for (const { runId, ended, stuckAt } of runs) {
    if (!ended) findings.push(`${runId} never ends${stuckAt ? `: stuck at ${stuckAt.step}` : ""}`);
  }
  for (const { name, answer } of asked) if (!answer) findings.push(`${name} hears nothing`);
  for (const { route } of world.rows("SELECT route FROM answers WHERE reply IS NULL")) {
    findings.push(`${route} is owed an answer`);
  }
  const isSold = status === "captured";
  for (const entry of world.outside.ledger.entries) {
    const isPaid = isSold && paidBy?.secured.reference === entry.reference;
    const wantedMinor =
      isPaid && order ? order.captured.amountMinor - order.refunded.amountMinor : 0;
    if (netMinor(entry) !== wantedMinor) {
      findings.push(`I1: at ${entry.reference} stand ${netMinor(entry)}, not ${wantedMinor}`);
    }
    if (!isPaid && stands(entry)) findings.push(`I3: ${entry.reference} belongs to nobody`);
  }
  if (stock.held !== 0) findings.push(`I5: ${stock.held} pieces are still held`);
  if (stock.allocated !== (isSold ? PIECES : 0)) {
    findings.push(`I5: ${stock.allocated} pieces are allocated to a sale that is ${status}`);
  }
  for (let version = 1; version <= (order?.version ?? 0); version++) {
    if (!world.applied.includes(version)) findings.push(`I8: version ${version} was never sent`);
  }
  if (world.rows("SELECT sequence FROM outbox").length > 0) findings.push("I8: an event is left");
  return findings;
}
