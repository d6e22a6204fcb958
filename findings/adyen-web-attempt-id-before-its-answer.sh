#!/usr/bin/env bash
# @adyen/adyen-web 6.45.2: `paymentMethod.checkoutAttemptId` is never absent. Until Adyen's analytics have answered, or where a content
# blocker keeps them from it, the component sends the text "fetch-checkoutAttemptId-failed" as if it were an id, and once more
# inside the Base64 of `sdkData`. Whoever joins payments by this id joins strangers.
#
# Seen:
#   6.45.2 sends "fetch-checkoutAttemptId-failed" where there is no id
#
# Here: the field is passed on as it comes and joins nothing.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" "@adyen/adyen-web@6.45.2" >&2

cat > "$folder/seen.mjs" <<'JS'
import { readFileSync } from "node:fs";
globalThis.window = globalThis; // it is meant for browsers
const dist = new URL("node_modules/@adyen/adyen-web/dist/es/", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("../../package.json", dist), "utf8"));
const { NO_CHECKOUT_ATTEMPT_ID } = await import(new URL("core/Analytics/constants.js", dist));
const { default: BaseElement } = await import(new URL("components/internal/BaseElement/BaseElement.js", dist));
class Ideal extends BaseElement {
  formatData() {
    return { paymentMethod: { type: "ideal" } };
  }
}
const modules = { risk: {}, analytics: {} };
const core = { initialize() {}, createFromAction() {}, modules };
const { paymentMethod } = new Ideal(core, {}).data;
const same = paymentMethod.checkoutAttemptId === NO_CHECKOUT_ATTEMPT_ID;
const inside = JSON.parse(Buffer.from(paymentMethod.sdkData, "base64").toString()).analytics.checkoutAttemptId;
if (!same || inside !== NO_CHECKOUT_ATTEMPT_ID) throw new Error(JSON.stringify(paymentMethod));
console.log(version, "sends", JSON.stringify(paymentMethod.checkoutAttemptId), "where there is no id");
JS

seen=$(cd "$folder" && node seen.mjs)
echo "$seen"
expected='6.45.2 sends "fetch-checkoutAttemptId-failed" where there is no id'
if [ "$seen" != "$expected" ]; then
  echo "It is no longer as described above." >&2
  exit 1
fi
