import { localKeys } from "./machine/local-keys.ts";
import { fail, HOST } from "./machine/platform.ts";
import { stopOnSignal } from "./machine/stop-on-signal.ts";
import { parseSimulatorFlags, type SimulatorFlags } from "./stack/simulator-flags.ts";
import { startSimulators, varsOf } from "./stack/simulators-alone.ts";

// For a shop, or another platform, that wants a Stripe or an Adyen to break.
const flags = parseSimulatorFlags(process.argv.slice(2));
if ("wrong" in flags) fail(flags.wrong, 2);

const starting = startSimulators(flags);
stopOnSignal(starting);
try {
  await starting;
  console.log(whatThereIs(flags));
} catch (error) {
  fail(error, 1);
}

function whatThereIs(flags: SimulatorFlags): string {
  const url = `http://${HOST}:${flags.port}`;
  const { STRIPE_WEBHOOK_URL, ADYEN_WEBHOOK_URL } = varsOf(flags);
  const fault = '{"faults":[{"operation":"any","kind":"drop_after","times":1}]}';
  return `Stripe     ${url}/v1             key ${localKeys.STRIPE_SECRET_KEY}, any sk_test_… will do
Adyen      ${url}/adyen/v72      X-API-Key ${localKeys.ADYEN_API_KEY}, any will do; account ${localKeys.ADYEN_MERCHANT_ACCOUNT}
Unleash    ${url}/unleash/api
Carriers   ${url}/carriers       northline, kestrel, landpost
Duties     ${url}/duties         tollgate
Look in    ${url}/               (Stripe), ${url}/_simulator/adyen
Webhooks   Stripe's to ${STRIPE_WEBHOOK_URL || "nobody"}, Adyen's to ${ADYEN_WEBHOOK_URL || "nobody"}
Storage    ${flags.persistTo}

Lose the next answer:

curl -s ${url}/_simulator/stripe/control -d '${fault}'

All that can be broken: workers/simulators/README.md
`;
}
