#!/usr/bin/env bash
# stripe 23.1.0 (npm): `webhooks.constructEvent` throws for a thin event although its signature is good, and what it
# throws is no signature error. Thin events (`v2.core.event`) have another method, `parseEventNotification`.
#
# Stripe sends thin events of its old (v1) objects since 2026-09-30, to the same kind of endpoint and with the same
# signature header. Whoever answers every throw of `constructEvent` as "bad signature" calls Stripe a forger, and Stripe
# disables an endpoint that keeps refusing. Verify with `webhooks.signature.verifyHeader` alone, then look at `object`.
#
# Seen:
#   constructEvent: Error, a signature error: false
#   verifyHeader: true
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund stripe@23.1.0
cat >run.mjs <<'JS'
import Stripe from "stripe";
const stripe = new Stripe("sk_test_nothing");
const secret = "whsec_test_secret";
const payload = JSON.stringify({
  id: "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
  object: "v2.core.event",
  type: "v1.payment_intent.succeeded",
  created: "2026-11-30T12:00:00.000Z",
  livemode: false,
  related_object: { id: "pi_1", type: "payment_intent", url: "/v1/payment_intents/pi_1" },
});
const header = stripe.webhooks.generateTestHeaderString({ payload, secret });
try {
  stripe.webhooks.constructEvent(payload, header, secret);
  console.log("constructEvent: taken");
} catch (error) {
  const isSignature = error instanceof Stripe.errors.StripeSignatureVerificationError;
  console.log(`constructEvent: ${error.constructor.name}, a signature error: ${isSignature}`);
}
console.log(`verifyHeader: ${stripe.webhooks.signature.verifyHeader(payload, header, secret, 300)}`);
JS
node run.mjs | tee seen
diff seen - <<'SEEN'
constructEvent: Error, a signature error: false
verifyHeader: true
SEEN
echo "as described"
