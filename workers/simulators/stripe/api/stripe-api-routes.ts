/** Which call a method and a path are. */

import type { Operation } from "../../control/faults.ts";
import type { paramsOf } from "./param-tables.ts";

export type CallName =
  | "payment_intents.create"
  | "payment_intents.update"
  | "payment_intents.confirm"
  | "payment_intents.capture"
  | "payment_intents.cancel"
  | "payment_intents.retrieve"
  | "payment_intents.list"
  | "payment_intents.search"
  | "refunds.create"
  | "refunds.retrieve"
  | "refunds.list"
  | "charges.retrieve"
  | "disputes.retrieve"
  | "disputes.list"
  | "balance_transactions.retrieve"
  | "balance_transactions.list"
  | "payouts.retrieve"
  | "payouts.list"
  | "confirmation_tokens.create"
  | "confirmation_tokens.retrieve"
  | "events.retrieve"
  | "events.list";

interface CallKind {
  readonly operation: Operation;
  readonly params: keyof typeof paramsOf;
  readonly required: readonly string[];
}

export const calls: Readonly<Record<CallName, CallKind>> = {
  "payment_intents.create": {
    operation: "authorize",
    params: "create",
    required: ["amount", "currency"],
  },
  "payment_intents.update": { operation: "authorize", params: "update", required: [] },
  "payment_intents.confirm": { operation: "authorize", params: "confirm", required: [] },
  "payment_intents.capture": { operation: "capture", params: "capture", required: [] },
  "payment_intents.cancel": { operation: "cancel", params: "cancel", required: [] },
  "payment_intents.retrieve": { operation: "lookup", params: "retrieve", required: [] },
  "payment_intents.list": { operation: "lookup", params: "list", required: [] },
  "payment_intents.search": { operation: "lookup", params: "search", required: ["query"] },
  "refunds.create": { operation: "refund", params: "refund", required: [] },
  "refunds.retrieve": { operation: "lookup", params: "none", required: [] },
  "refunds.list": { operation: "lookup", params: "listRefunds", required: [] },
  "charges.retrieve": { operation: "lookup", params: "none", required: [] },
  "disputes.retrieve": { operation: "lookup", params: "none", required: [] },
  "disputes.list": { operation: "lookup", params: "listDisputes", required: [] },
  "balance_transactions.retrieve": { operation: "lookup", params: "none", required: [] },
  "balance_transactions.list": { operation: "lookup", params: "listBalance", required: [] },
  "payouts.retrieve": { operation: "lookup", params: "none", required: [] },
  "payouts.list": { operation: "lookup", params: "listPayouts", required: [] },
  "confirmation_tokens.create": {
    operation: "lookup",
    params: "confirmationToken",
    required: [],
  },
  "confirmation_tokens.retrieve": { operation: "lookup", params: "none", required: [] },
  "events.retrieve": { operation: "lookup", params: "none", required: [] },
  "events.list": { operation: "lookup", params: "listEvents", required: [] },
};

export interface Route {
  readonly name: CallName;
  /** The id in the path; empty when the path names a collection. */
  readonly id: string;
}

const acts = new Set(["confirm", "capture", "cancel"]);

export function routeOf(method: string, path: string): Route | null {
  const [version, resource, id = "", act, ...more] = path.slice(1).split("/");
  if (version !== "v1" || more.length > 0) return null;
  if (method === "POST") {
    if (resource === "refunds" && id === "") return { name: "refunds.create", id };
    if (resource === "test_helpers" && id === "confirmation_tokens" && act === undefined) {
      return { name: "confirmation_tokens.create", id: "" };
    }
    if (resource !== "payment_intents") return null;
    if (id === "") return { name: "payment_intents.create", id };
    if (act === undefined) return { name: "payment_intents.update", id };
    return acts.has(act) ? { name: `payment_intents.${act}` as CallName, id } : null;
  }
  if (method !== "GET" || act !== undefined) return null;
  if (resource === "payment_intents" && id === "search") {
    return { name: "payment_intents.search", id };
  }
  const name = `${resource}.${id === "" ? "list" : "retrieve"}`;
  return name in calls ? { name: name as CallName, id } : null;
}
