#!/usr/bin/env bash
# stripe 23.1.0 (npm, API version 2026-10-28.endive): `wero` is among the types that a PaymentIntent may allow, and not among
# the types of what is paid with (`payment_method_data[type]`, a PaymentMethod's `type`). Both are open lists (`OtherString`), so
# that nothing says so when it is compiled.
#
# Stripe's changelog of 2026-10-28 announces Wero and links each of its calls to `2026-10-28.preview`. A payment that is begun with
# `payment_method_data: { type: "wero" }` names that version, then; the allowed types alone begin nothing.
#
# Seen:
#   allowed_payment_method_types: ideal true, wero true
#   payment_method_data[type]: ideal true, wero false
#   PaymentMethod.type: ideal true, wero false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund stripe@23.1.0
cat >run.mjs <<'JS'
import { readFileSync } from "node:fs";
const folder = "node_modules/stripe/esm/resources/";
const intents = readFileSync(`${folder}PaymentIntents.d.ts`, "utf8");
const methods = readFileSync(`${folder}PaymentMethods.d.ts`, "utf8");
const create = intents.slice(intents.indexOf("namespace PaymentIntentCreateParams {"));
const data = create.slice(create.indexOf("namespace PaymentMethodData {"));
const say = (name, list) =>
  console.log(`${name}: ideal ${list.includes("'ideal'")}, wero ${list.includes("'wero'")}`);
say("allowed_payment_method_types", /type AllowedPaymentMethodType = (.*);/.exec(create)[1]);
say("payment_method_data[type]", /type Type = ('acss_debit'.*);/.exec(data)[1]);
say("PaymentMethod.type", /type Type = ('acss_debit'.*);/.exec(methods)[1]);
JS
node run.mjs | tee seen
diff seen - <<'SEEN'
allowed_payment_method_types: ideal true, wero true
payment_method_data[type]: ideal true, wero false
PaymentMethod.type: ideal true, wero false
SEEN
echo "as described"
