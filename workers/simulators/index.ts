/**
 * The simulators: they stand in for payment providers on their real wire. Reached by base URL alone, never deployed.
 * README.md beside this file says how to use and break them.
 *
 *   /v1/…                         Stripe's API: point the official SDK here
 *   /_simulator/stripe/control    GET, POST, DELETE: latency, faults, webhooks, clock
 *   /_simulator/stripe/ledger     GET: a line of JSON per payment intent; DELETE forgets everything
 *   /_simulator/stripe/calls      GET: what was asked, and which faults struck how often
 *   /_simulator/stripe/disputes   POST {"payment_intent", "status": "open" | "under_review" | "won" | "lost", "amount"?, "reason"?, "inquiry"?}
 *   /_simulator/stripe/pay/{pi}   the bank's page of 3-D Secure, iDEAL and Wero, the phone of Pix and UPI; /qr/{pi}.svg, .png its code
 *   /_simulator/stripe/shopper/{pi}  POST {"act": "approve" | "decline" | "abandon"}: what the shopper does, without a browser
 *
 *   /adyen/v72/…                  Adyen's Checkout API (v71 too): point the official library here
 *   /_simulator/adyen             a developer's look into the account
 *   /_simulator/adyen/control     GET, POST, DELETE: as Stripe's, and how many items a webhook carries
 *   /_simulator/adyen/ledger      GET: a line of JSON per payment; DELETE forgets everything
 *   /_simulator/adyen/calls       GET: what was asked, and which faults struck how often
 *   /_simulator/adyen/events      POST: disputes, expiries and reports on demand
 *   /_simulator/adyen/reports/…   GET: the settlement detail report that REPORT_AVAILABLE names
 *   /_simulator/adyen/redirect/…  the page of a bank or an app
 *   /_simulator/adyen/qr/…        a phone that has read the code
 *
 *   /unleash/api/client/features  Unleash's client API
 *   /_simulator/unleash/control   GET, POST {"features"?, "segments"?, "mode"?: "normal" | "down" | "garbage" | "hang", "latencyMs"?}
 *
 *   /carriers/…                   three carriers' rates: Northline, Kestrel, Landpost
 *   /_simulator/carriers/control  GET, POST {"northline" | "kestrel" | "landpost": {"mode"?, "latencyMs"?}}: as Unleash's
 *
 *   /duties/tollgate/…            import duties on a shipment
 *   /_simulator/duties/control    GET, POST {"mode"?, "latencyMs"?}: as Unleash's
 */

import { Hono } from "hono";
import { adyenSimulator } from "./adyen/doors/adyen-simulator-routes.ts";
import { carrierSimulator } from "./carriers/carrier-routes.ts";
import { dutiesSimulator } from "./duties/duty-routes.ts";
import type { SimulatorsEnv } from "./env.ts";
import { stripeShopper } from "./stripe/doors/shopper-routes.ts";
import { accountOf, readRequest, refuse, respond } from "./stripe/doors/stripe-http.ts";
import { stripeSimulator } from "./stripe/doors/stripe-simulator-routes.ts";
import { serverError, unknownRoute } from "./stripe/intents/stripe-errors.ts";
import { unleashSimulator } from "./unleash/unleash-routes.ts";

export { AdyenAccountObject } from "./adyen/account/adyen-account.object.ts";
export { SettingsObject } from "./control/settings.object.ts";
export { StripeAccountObject } from "./stripe/account/stripe-account.object.ts";

const app = new Hono<{ Bindings: SimulatorsEnv }>();

app.all("/v1/*", async (c) => {
  const account = accountOf(c.req.header("Authorization") ?? null, c.req.method);
  if (typeof account !== "string") return refuse(account);
  const request = await readRequest(c.req.raw, account);
  const reply = await c.env.STRIPE_ACCOUNT.getByName(account).call(request);
  return respond(reply, request.version);
});

/** A path without a route is answered as Stripe answers one. */
app.notFound((c) => refuse(unknownRoute(c.req.method, c.req.path)));

app.onError((error) => {
  console.error(error);
  return refuse(serverError());
});

app.get("/healthz", (c) => c.json({ ok: true }));

app.route("/", stripeSimulator);
app.route("/", stripeShopper);
app.route("/", adyenSimulator);
app.route("/", unleashSimulator);
app.route("/", carrierSimulator);
app.route("/", dutiesSimulator);

export default app;
