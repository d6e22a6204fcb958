/** Stripe's JSON of what the shopper has to do. Source: the types of the `stripe` package 23.1.0. */

import { createStaticPix } from "pix-utils";
import type { Intent } from "../intents/intent.ts";
import { isRedirect, type Local } from "../intents/local-payment.ts";
import { type Json, seconds } from "./json.ts";

const CENTS = 100;
const TXID_LENGTH_MAX = 25;
/** A random key of the Central Bank's address register, as a shop's would be. */
const PIX_KEY = "7f4f0bd0-2a0c-4a53-9c3b-6f2b8b5a1c11";

/** With a page to come back to the shopper is redirected; without one Stripe leaves it to its own script. */
export function nextActionJson(intent: Intent): Json {
  const { actionUrl: url, local, returnUrl } = intent;
  if (intent.status !== "requires_action" || url === null) return null;
  if (local && !isRedirect(local.type)) return codeJson(intent, local, url);
  if (returnUrl === null) return { type: "use_stripe_sdk", use_stripe_sdk: {} };
  return { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } };
}

function codeJson(intent: Intent, local: Local, url: string): Json {
  const expires_at = seconds(local.expiresAtMs ?? 0);
  const image_url_png = imageUrl(url, "png");
  const image_url_svg = imageUrl(url, "svg");
  const code = { expires_at, image_url_png, image_url_svg };
  if (local.type === "pix") {
    const pix = { ...code, data: qrText(intent), hosted_instructions_url: url };
    return { type: "pix_display_qr_code", pix_display_qr_code: pix };
  }
  return {
    type: "upi_handle_redirect_or_display_qr_code",
    upi_handle_redirect_or_display_qr_code: { hosted_instructions_url: url, qr_code: code },
  };
}

const imageUrl = (pageUrl: string, ending: "png" | "svg"): string =>
  pageUrl.replace(/\/pay\/([^?]+)/, `/qr/$1.${ending}`);

/** What the shopper's app reads: a BR Code for Pix, a link for UPI. */
export function qrText(intent: Intent): string {
  const suffix = intent.id.slice("pi_".length);
  if (intent.local?.type === "upi") {
    const am = (intent.amount / CENTS).toFixed(2);
    const pay = { pa: "tender@simbank", pn: "Tender", am, cu: "INR", tr: suffix };
    return `upi://pay?${new URLSearchParams(pay)}`;
  }
  const pix = createStaticPix({
    merchantName: "TENDER",
    merchantCity: "SAO PAULO",
    pixKey: PIX_KEY,
    txid: suffix.slice(0, TXID_LENGTH_MAX),
    transactionAmount: intent.amount / CENTS,
  }).throwIfError();
  return pix.toBRCode();
}
