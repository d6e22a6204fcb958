/** The simulator's own doors: control, ledger, calls, and the pages a person sees. */

import { Hono } from "hono";
import type { SimulatorsEnv } from "../env.ts";
import { ledgerResponse } from "../ledger-stream.ts";
import { DEFAULT_ACCOUNT } from "./http.ts";
import type { Intent } from "./intent.ts";
import { bankPage, closedPage, overviewPage } from "./pages.ts";
import type { StripeAccountObject } from "./stripe-account.object.ts";

export const stripeSimulator = new Hono<{ Bindings: SimulatorsEnv }>();

const OVERVIEW_ROWS = 25;

/** `?account=NAME` where a test uses keys of several accounts. */
function accountOf(
  env: SimulatorsEnv,
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

stripeSimulator.get("/_simulator/stripe/ledger", (c) => {
  const account = accountOf(c.env, c.req.query("account"));
  return ledgerResponse((afterSeq) => account.ledger(afterSeq));
});

stripeSimulator.delete("/_simulator/stripe/ledger", async (c) => {
  await accountOf(c.env, c.req.query("account")).clearLedger();
  return c.body(null, 204);
});

const BANK = "/_simulator/stripe/3ds/:id";

stripeSimulator.get(BANK, async (c) => {
  const intent = await accountOf(c.env, c.req.query("account")).intent(c.req.param("id"));
  const isOpen =
    intent?.status === "requires_action" && intent.clientSecret === c.req.query("client_secret");
  return isOpen ? c.html(bankPage(intent)) : c.html(closedPage(intent), 404);
});

stripeSimulator.post(BANK, async (c) => {
  const { outcome, client_secret: secret } = await c.req.parseBody();
  const account = accountOf(c.env, c.req.query("account"));
  const before = await account.intent(c.req.param("id"));
  if (before?.clientSecret !== secret) return c.html(closedPage(null), 404);
  const intent = await account.finish3ds(c.req.param("id"), outcome === "pass");
  const back = intent && returnUrlOf(intent);
  return back ? c.redirect(back, 303) : c.html(closedPage(intent));
});

/** Stripe adds three parameters to the shop's own. Source: https://docs.stripe.com/payments/3d-secure */
function returnUrlOf(intent: Intent): string | null {
  if (intent.returnUrl === null || !URL.canParse(intent.returnUrl)) return null;
  const url = new URL(intent.returnUrl);
  const passed = intent.status === "requires_capture" || intent.status === "succeeded";
  url.searchParams.set("payment_intent", intent.id);
  url.searchParams.set("payment_intent_client_secret", intent.clientSecret);
  url.searchParams.set("redirect_status", passed ? "succeeded" : "failed");
  return url.toString();
}
