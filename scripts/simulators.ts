import { simulators } from "./building/bundle.ts";
import { localKeys } from "./machine/local-keys.ts";
import { claimPort, fail, HOST } from "./machine/platform.ts";
import { startDevServer } from "./stack/dev-server.ts";
import { parseSimulatorFlags, type SimulatorFlags } from "./stack/simulator-flags.ts";
import { simulatorVars } from "./stack/stack.ts";

// The simulators without the platform: for a shop, or another platform, that wants a Stripe or an Adyen to break.
const flags = parseSimulatorFlags(process.argv.slice(2));
if ("wrong" in flags) fail(flags.wrong, 2);

const url = `http://${HOST}:${flags.port}`;
await claimPort(flags.port, "it takes this one alone").catch((error: unknown) => fail(error, 1));
const server = startDevServer(simulators, { ...flags, vars: varsOf(flags) });
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopping = true;
    void server.stop().finally(() => process.exit(0));
  });
}
void server.ended.then((sentence) => (stopping ? undefined : fail(sentence, 1)));
try {
  await server.ready;
  console.log(whatThereIs(flags));
  server.show();
} catch (error) {
  if (!stopping) {
    await server.stop();
    fail(error, 1);
  }
}

function varsOf({ webhooks, vars }: SimulatorFlags): Readonly<Record<string, string>> {
  const silent = { STRIPE_WEBHOOK_URL: "", ADYEN_WEBHOOK_URL: "" };
  const places = { url: webhooks ?? "", simulatorUrl: url };
  return simulatorVars(webhooks === undefined ? { ...silent, ...vars } : vars, places);
}

function whatThereIs(flags: SimulatorFlags): string {
  const { STRIPE_WEBHOOK_URL, ADYEN_WEBHOOK_URL } = varsOf(flags);
  const fault = '{"faults":[{"operation":"any","kind":"drop_after","times":1}]}';
  return `Stripe     ${url}/v1             key ${localKeys.STRIPE_SECRET_KEY}, any sk_test_… will do
Adyen      ${url}/adyen/v72      X-API-Key ${localKeys.ADYEN_API_KEY}, any will do; account ${localKeys.ADYEN_MERCHANT_ACCOUNT}
Unleash    ${url}/unleash/api
Carriers   ${url}/carriers       northline, kestrel, landpost
Look in    ${url}/               (Stripe), ${url}/_simulator/adyen
Webhooks   Stripe's to ${STRIPE_WEBHOOK_URL || "nobody"}, Adyen's to ${ADYEN_WEBHOOK_URL || "nobody"}
Storage    ${flags.persistTo}

Lose the next answer:

curl -s ${url}/_simulator/stripe/control -d '${fault}'

All that can be broken: workers/simulators/README.md
`;
}
