/** The API's door, and the simulator's own: control, ledger, calls, events, reports, and the pages a person sees. */

import { type Context, Hono } from "hono";
import { ledgerResponse } from "../../http/ledger-stream.ts";
import type { AdyenAccountObject } from "../account/adyen-account.object.ts";
import { isError, noCredentials, serverError, unknownRoute } from "../api/adyen-errors.ts";
import { accountOfPage } from "../api/adyen-ids.ts";
import type { Payment } from "../payments/stored-payment.ts";
import type { AdyenEnv } from "./adyen-env.ts";
import { hasCredentials, readRequest, refuse, respond } from "./adyen-http.ts";
import { bankPage, closedPage, leftPage, overviewPage, phonePage } from "./adyen-pages.ts";

type Env = { Bindings: AdyenEnv };
type Stub = DurableObjectStub<AdyenAccountObject>;

export const adyenSimulator = new Hono<Env>();

const OVERVIEW_ROWS = 25;

adyenSimulator.post("/adyen/:version{v7[12]}/*", async (c) => {
  const addressed = await readRequest(c.req.raw, c.env.ADYEN_MERCHANT_ACCOUNT);
  if (isError(addressed)) return refuse(addressed);
  return respond(await c.env.ADYEN_ACCOUNT.getByName(addressed.account).call(addressed.request));
});

/** A path without a route is answered as Adyen answers one. */
adyenSimulator.all("/adyen/*", (c) => refuse(unknownRoute(c.req.path)));

adyenSimulator.onError((error, c) => {
  console.error(error);
  return c.req.path.startsWith("/adyen/") ? refuse(serverError) : c.text("Internal error", 500);
});

/** `?account=NAME` where a test uses several merchant accounts. */
function accountOf(c: Context<Env>): Stub {
  return c.env.ADYEN_ACCOUNT.getByName(c.req.query("account") || c.env.ADYEN_MERCHANT_ACCOUNT);
}

adyenSimulator.get("/_simulator/adyen", async (c) =>
  c.html(overviewPage(await accountOf(c).overview(OVERVIEW_ROWS))),
);

adyenSimulator.get("/_simulator/adyen/control", async (c) => c.json(await accountOf(c).control()));

adyenSimulator.post("/_simulator/adyen/control", async (c) => {
  const body: unknown = await c.req.json().catch(() => null);
  const result = await accountOf(c).setControl(body);
  return typeof result === "string" ? c.json({ error: result }, 400) : c.json(result);
});

adyenSimulator.delete("/_simulator/adyen/control", async (c) =>
  c.json(await accountOf(c).resetControl()),
);

adyenSimulator.get("/_simulator/adyen/calls", async (c) => c.json(await accountOf(c).calls()));

adyenSimulator.post("/_simulator/adyen/events", async (c) => {
  const body: unknown = await c.req.json().catch(() => null);
  const result = await accountOf(c).emit(body, new URL(c.req.url).origin);
  return typeof result === "string" ? c.json({ error: result }, 400) : c.json(result, 201);
});

adyenSimulator.post("/_simulator/adyen/customer-area", async (c) => {
  const body: unknown = await c.req.json().catch(() => null);
  const result = await accountOf(c).customerArea(body);
  return typeof result === "string" ? c.json({ error: result }, 400) : c.json(result);
});

/** Every settled booking so far, whatever name the report goes by. */
adyenSimulator.get(
  "/_simulator/adyen/reports/:name{settlement_detail_report_.+\\.csv}",
  async (c) => {
    if (!hasCredentials(c.req.raw.headers)) return refuse(noCredentials);
    return c.body(await accountOf(c).report(), 200, { "Content-Type": "text/csv; charset=utf-8" });
  },
);

adyenSimulator.get("/_simulator/adyen/ledger", (c) => {
  const account = accountOf(c);
  return ledgerResponse((afterSeq) => account.ledger(afterSeq));
});

adyenSimulator.delete("/_simulator/adyen/ledger", async (c) => {
  await accountOf(c).clearLedger();
  return c.body(null, 204);
});

/** The account that a page's id names. */
function accountOfId(c: Context<Env>, id: string): Stub {
  return c.env.ADYEN_ACCOUNT.getByName(accountOfPage(id) ?? c.env.ADYEN_MERCHANT_ACCOUNT);
}

adyenSimulator.get("/_simulator/adyen/redirect/:id", async (c) => {
  const payment = await accountOfId(c, c.req.param("id")).paymentOfPage(c.req.param("id"));
  const isOpen = payment?.status === "pending" && payment.redirectResult === null;
  return isOpen ? c.html(bankPage(payment)) : c.html(closedPage(payment), payment ? 200 : 404);
});

adyenSimulator.post("/_simulator/adyen/redirect/:id", async (c) => {
  const { outcome } = await c.req.parseBody();
  const id = c.req.param("id");
  if (outcome === "abandon") return c.html(leftPage());
  const payment = await accountOfId(c, id).answer(id, outcome === "approve");
  if (!payment) return c.html(closedPage(null), 404);
  const back = returnUrlOf(payment);
  return back ? c.redirect(back, 303) : c.html(closedPage(payment));
});

adyenSimulator.get("/_simulator/adyen/qr/:id", async (c) => {
  const payment = await accountOfId(c, c.req.param("id")).paymentOfPage(c.req.param("id"));
  return payment?.qrData ? c.html(phonePage(payment)) : c.html(closedPage(null), 404);
});

adyenSimulator.post("/_simulator/adyen/qr/:id", async (c) => {
  const { outcome } = await c.req.parseBody();
  const id = c.req.param("id");
  const account = accountOfId(c, id);
  const payment =
    outcome === "expire" ? await account.letLapse(id) : await account.answer(id, outcome === "pay");
  return payment?.qrData ? c.html(phonePage(payment)) : c.html(closedPage(null), 404);
});

/** Adyen adds one parameter to the shop's own. Source: https://docs.adyen.com/online-payments/build-your-integration */
function returnUrlOf({ returnUrl, redirectResult }: Payment): string | null {
  if (redirectResult === null) return null;
  const url = new URL(returnUrl);
  url.searchParams.set("redirectResult", redirectResult);
  return url.href;
}
