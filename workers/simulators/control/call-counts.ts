/** What the simulator has been asked, for tests that must prove how often a fault struck. */

import type { FaultRule, Operation } from "./faults.ts";

/** What of a request and its answer is counted and remembered. */
interface Asked {
  readonly path: string;
  readonly idempotencyKey: string | null;
}

interface Answered {
  readonly status: number;
  readonly replayed: boolean;
  /** Where the provider names its requests. */
  readonly requestId?: string;
}

type Tally = Record<string, number>;

export interface Counts {
  readonly operations: Tally;
  readonly calls: Tally;
  readonly faults: Tally;
  /** Keyed `operation/kind`. */
  readonly faultsByOperation: Tally;
  readonly statuses: Tally;
  readonly webhooks: { delivered: number; failed: number };
  replays: number;
  /** How many random numbers have been drawn: the place in the seeded series. */
  draws: number;
}

export interface RecentCall {
  readonly at: string;
  readonly call: string;
  readonly path: string;
  readonly status: number;
  readonly fault: string | null;
  readonly replayed: boolean;
  readonly late: boolean;
  readonly idempotencyKey: string | null;
  readonly requestId: string | null;
}

export function emptyCounts(): Counts {
  return {
    operations: {},
    calls: {},
    faults: {},
    faultsByOperation: {},
    statuses: {},
    webhooks: { delivered: 0, failed: 0 },
    replays: 0,
    draws: 0,
  };
}

function add(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}

export function countCall(
  counts: Counts,
  operation: Operation,
  call: string,
  reply: Answered,
): void {
  add(counts.operations, operation);
  add(counts.calls, call);
  add(counts.statuses, String(reply.status));
  if (reply.replayed) counts.replays += 1;
}

export function countFault(counts: Counts, operation: Operation, kind: FaultRule["kind"]): void {
  add(counts.faults, kind);
  add(counts.faultsByOperation, `${operation}/${kind}`);
}

export function recentCall(
  at: { readonly nowMs: number; readonly call: string; readonly late: boolean },
  request: Asked,
  reply: Answered,
  fault: string | null,
): RecentCall {
  return {
    at: new Date(at.nowMs).toISOString(),
    call: at.call,
    path: request.path,
    status: reply.status,
    fault,
    replayed: reply.replayed,
    late: at.late,
    idempotencyKey: request.idempotencyKey,
    requestId: reply.requestId ?? null,
  };
}
