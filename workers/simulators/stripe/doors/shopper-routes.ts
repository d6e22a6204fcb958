/** The doors of the shopper: pages, codes, and acting without a browser. */

import { Hono } from "hono";
import type { Intent } from "../intents/intent.ts";
import { qrText } from "../wire/next-action-wire.ts";
import { qrPng, qrSvg } from "./qr-image.ts";
import { closedPage, shopperPage } from "./shopper-pages.ts";
import type { StripeEnv } from "./stripe-env.ts";
import { accountOf } from "./stripe-simulator-routes.ts";

export const stripeShopper = new Hono<{ Bindings: StripeEnv }>();

const PAGE = "/_simulator/stripe/pay/:id";

const isOpen = (intent: Intent | null, secret: string | undefined): intent is Intent =>
  intent?.status === "requires_action" && intent.clientSecret === secret;

stripeShopper.get(PAGE, async (c) => {
  const intent = await accountOf(c.env, c.req.query("account")).intent(c.req.param("id"));
  return isOpen(intent, c.req.query("client_secret"))
    ? c.html(shopperPage(intent))
    : c.html(closedPage(intent), 404);
});

stripeShopper.post(PAGE, async (c) => {
  const { outcome, client_secret: secret } = await c.req.parseBody();
  const account = accountOf(c.env, c.req.query("account"));
  const before = await account.intent(c.req.param("id"));
  if (before === null || before.clientSecret !== secret) return c.html(closedPage(null), 404);
  const intent =
    outcome === "abandon" ? before : await account.finishAction(before.id, outcome === "pass");
  const back = intent && returnUrlOf(intent);
  return back ? c.redirect(back, 303) : c.html(closedPage(intent));
});

/** `pi_….svg` or `pi_….png`: the code that the shopper's phone reads. */
stripeShopper.get("/_simulator/stripe/qr/:file", async (c) => {
  const [id = "", ending] = c.req.param("file").split(".");
  const intent = await accountOf(c.env, c.req.query("account")).intent(id);
  const isShown = isOpen(intent, c.req.query("client_secret")) && intent.local?.expiresAtMs;
  if (!isShown) return c.notFound();
  return ending === "svg"
    ? c.body(qrSvg(qrText(intent)), 200, { "Content-Type": "image/svg+xml" })
    : c.body(qrPng(qrText(intent)), 200, { "Content-Type": "image/png" });
});

/** `{"act": "approve" | "decline" | "abandon"}` answers the payment as it then stands. */
stripeShopper.post("/_simulator/stripe/shopper/:id", async (c) => {
  const body: { act?: unknown } | null = await c.req.json().catch(() => null);
  const act = body?.act;
  if (act !== "approve" && act !== "decline" && act !== "abandon") {
    return c.json({ error: "act is one of approve, decline, abandon" }, 400);
  }
  const account = accountOf(c.env, c.req.query("account"));
  const before = await account.intent(c.req.param("id"));
  if (!before) return c.json({ error: `No such payment: ${c.req.param("id")}` }, 404);
  if (before.status !== "requires_action") {
    return c.json({ error: `This payment is ${before.status}.` }, 409);
  }
  const after =
    act === "abandon" ? before : await account.finishAction(before.id, act === "approve");
  return c.json({ id: before.id, status: after?.status, returnUrl: after && returnUrlOf(after) });
});

const redirectStatus: Readonly<Partial<Record<Intent["status"], string>>> = {
  requires_capture: "succeeded",
  succeeded: "succeeded",
  requires_action: "pending",
};

/** Stripe adds three parameters to the shop's own. Source: https://docs.stripe.com/payments/3d-secure */
function returnUrlOf(intent: Intent): string | null {
  if (intent.returnUrl === null || !URL.canParse(intent.returnUrl)) return null;
  const url = new URL(intent.returnUrl);
  url.searchParams.set("payment_intent", intent.id);
  url.searchParams.set("payment_intent_client_secret", intent.clientSecret);
  url.searchParams.set("redirect_status", redirectStatus[intent.status] ?? "failed");
  return url.toString();
}
