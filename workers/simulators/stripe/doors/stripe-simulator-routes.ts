/** The simulator's own doors: control, ledger, calls, and the pages a person sees. */

import { Hono } from "hono";
import { ledgerResponse } from "../../http/ledger-stream.ts";
import { dashboardActs } from "../account/outside-acts.ts";
import type { StripeAccountObject } from "../account/stripe-account.object.ts";
import type { DisputeMove } from "../intents/dispute-intent.ts";
import { isError } from "../intents/stripe-errors.ts";
import { intentJson } from "../wire/intent-wire.ts";
import { disputeJson } from "../wire/money-wire.ts";
import type { StripeEnv } from "./stripe-env.ts";
import { DEFAULT_ACCOUNT } from "./stripe-http.ts";
import { overviewPage } from "./stripe-overview-page.ts";

export const stripeSimulator = new Hono<{ Bindings: StripeEnv }>();

const OVERVIEW_ROWS = 25;

/** `?account=NAME` where a test uses keys of several accounts. */
export function accountOf(
  env: StripeEnv,
  name: string | undefined,
): DurableObjectStub<StripeAccountObject> {
  return env.STRIPE_ACCOUNT.getByName(name ?? DEFAULT_ACCOUNT);
}

stripeSimulator.get("/", async (c) =>
  c.html(overviewPage(await accountOf(c.env, c.req.query("account")).overview(OVERVIEW_ROWS))),
);

stripeSimulator.get("/_simulator/stripe/control", async (c) =>
  c.json(await accountOf(c.env, c.req.query("account")).control()),
);

stripeSimulator.post("/_simulator/stripe/control", async (c) => {
  const body: unknown = await c.req.json().catch(() => null);
  const result = await accountOf(c.env, c.req.query("account")).setControl(body);
  return typeof result === "string" ? c.json({ error: result }, 400) : c.json(result);
});

stripeSimulator.delete("/_simulator/stripe/control", async (c) =>
  c.json(await accountOf(c.env, c.req.query("account")).resetControl()),
);

/** A button of the overview: from calm to one setting. */
stripeSimulator.post("/_simulator/stripe/preset", async (c) => {
  const { setting } = await c.req.parseBody();
  const account = accountOf(c.env, c.req.query("account"));
  await account.resetControl();
  if (typeof setting === "string") await account.setControl(JSON.parse(setting));
  return c.redirect("/", 303);
});

stripeSimulator.get("/_simulator/stripe/calls", async (c) =>
  c.json(await accountOf(c.env, c.req.query("account")).calls()),
);

const moves = ["open", "under_review", "won", "lost"] as const satisfies readonly DisputeMove[];

/** `{payment_intent, status, amount?, reason?, inquiry?}`: the bank opens or decides a dispute. Answers the dispute. */
stripeSimulator.post("/_simulator/stripe/disputes", async (c) => {
  const body: Readonly<Record<string, unknown>> = (await c.req.json().catch(() => null)) ?? {};
  const move = moves.find((item) => item === body.status);
  const id = body.payment_intent;
  if (!move || typeof id !== "string") {
    return c.json({ error: `payment_intent, and status: one of ${moves.join(", ")}` }, 400);
  }
  const result = await accountOf(c.env, c.req.query("account")).dispute(id, move, {
    amount: typeof body.amount === "number" ? body.amount : null,
    reason: typeof body.reason === "string" ? body.reason : "fraudulent",
    isInquiry: body.inquiry === true,
  });
  return isError(result)
    ? c.json({ error: result.message }, result.status === 404 ? 404 : 400)
    : c.json(disputeJson(result));
});

/** `{payment_intent, act, amount?}`: the merchant acts by hand, as in Stripe's dashboard. Answers the payment. */
stripeSimulator.post("/_simulator/stripe/dashboard", async (c) => {
  const body: Readonly<Record<string, unknown>> = (await c.req.json().catch(() => null)) ?? {};
  const act = dashboardActs.find((item) => item === body.act);
  const id = body.payment_intent;
  if (!act || typeof id !== "string") {
    return c.json({ error: `payment_intent, and act: one of ${dashboardActs.join(", ")}` }, 400);
  }
  const amount = typeof body.amount === "number" ? body.amount : null;
  const result = await accountOf(c.env, c.req.query("account")).dashboard(id, act, amount);
  return isError(result)
    ? c.json({ error: result.message }, result.status === 404 ? 404 : 400)
    : c.json(intentJson(result));
});

stripeSimulator.get("/_simulator/stripe/ledger", (c) => {
  const account = accountOf(c.env, c.req.query("account"));
  return ledgerResponse((afterSeq) => account.ledger(afterSeq));
});

stripeSimulator.delete("/_simulator/stripe/ledger", async (c) => {
  await accountOf(c.env, c.req.query("account")).clearLedger();
  return c.body(null, 204);
});
