import { expect } from "vitest";
import type { ProviderName } from "../../schema/payment.ts";
import { Reconciliation } from "../../schema/reconciliation.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";

export const today = () => new Date().toISOString().slice(0, 10);

export const operatorHeaders = {
  authorization: `Bearer ${LOCAL_OPERATOR_KEY}`,
  "content-type": "application/json",
};

/** Compares today's payments with the orders, as an operator does by hand. */
export async function reconciled(url: string, provider: ProviderName): Promise<Reconciliation> {
  const body = JSON.stringify({ day: today(), provider });
  const response = await fetch(`${url}/v1/ops/reconciliation`, {
    ...{ method: "POST", headers: operatorHeaders, body },
  });
  expect(response.status).toBe(200);
  return Reconciliation.parse(await response.json());
}

/** Runs what runs at a cron: none fires locally by itself. */
export async function runCron(url: string, cron: string): Promise<void> {
  const trigger = `${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(cron)}`;
  expect(await (await fetch(trigger)).text()).toBe("ok");
}
