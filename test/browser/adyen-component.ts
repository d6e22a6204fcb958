import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { root } from "../../scripts/machine/platform.ts";
import { launchChromium } from "./chromium.ts";
import { DESKTOP } from "./shopper.ts";

const STOREFRONT = "https://storefront.test/";
const ANALYTICS = /^https:\/\/checkoutanalytics-test\.adyen\.com\//;

const PAGE =
  "<!doctype html><meta name=viewport content='width=device-width'><div id=component></div>";
const OPEN_TO_ALL = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

/** As Adyen's analytics name an attempt; here its digits run into each other like a card's. */
export const ATTEMPT_ID = `b3a8a3a2-71a6-4e5c-9f3a-1c8d2a9b4d42${1_796_072_400_000}${"7A3F".repeat(16)}`;

/** What a component hands to `onSubmit`. */
export type Emission = {
  readonly paymentMethod: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly browserInfo?: object;
  readonly socialSecurityNumber?: string;
};

type Wanted = {
  readonly component: "Card" | "Redirect" | "Pix" | "UPI";
  readonly props: object;
  /** State that the shopper's typing would leave in it. */
  readonly state?: object;
  readonly countryCode: string;
  readonly amount: { readonly value: number; readonly currency: string };
};

async function bundleOf(folder: string): Promise<string> {
  const entry = join(folder, "entry.js");
  await writeFile(
    entry,
    `export { AdyenCheckout, Card, Pix, Redirect, UPI } from ${JSON.stringify(join(root, "node_modules/@adyen/adyen-web/dist/es/index.js"))};`,
  );
  const built = await build({
    ...{ configFile: false, root, logLevel: "warn" },
    build: { write: false, lib: { entry, formats: ["iife"], name: "adyen" } },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("vite gave no bundle of Adyen's component");
  return output.output[0].code;
}

/**
 * Adyen's own client component, as npm has it, in a browser. Of Adyen's hosts there is only the one that names the attempt;
 * translations, pictures and the frames in which a card is typed are not reachable.
 */
export async function openComponents(folder: string) {
  const code = await bundleOf(folder);
  const browser = await launchChromium();

  async function emission(wanted: Wanted, options: BrowserContextOptions = DESKTOP) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.route("**/*", (route) => {
      const url = route.request().url();
      if (url === STOREFRONT) return route.fulfill({ contentType: "text/html", body: PAGE });
      if (!ANALYTICS.test(url)) return route.abort();
      return route.fulfill({
        ...{ contentType: "application/json", headers: OPEN_TO_ALL },
        body: JSON.stringify({ checkoutAttemptId: ATTEMPT_ID }),
      });
    });
    await page.goto(STOREFRONT);
    await page.addScriptTag({ content: code });
    try {
      return await submitted(page, wanted);
    } finally {
      await context.close();
    }
  }

  return { emission, close: () => browser.close() };
}

/** Mounted, filled in and submitted as a storefront does it, through the component's own public face. */
async function submitted(page: Page, wanted: Wanted): Promise<Emission> {
  await page.evaluate(
    `(async ({ component, props, countryCode, amount }) => {
      const checkout = await adyen.AdyenCheckout({
        environment: "test", clientKey: "test_TENDERTENDERTENDERTENDERTENDERTE", locale: "en-US",
        countryCode, amount, paymentMethodsResponse: { paymentMethods: [] },
      });
      const onSubmit = ({ data }) => { window.emitted = data; };
      window.element = new adyen[component](checkout, { ...props, onSubmit }).mount("#component");
    })(${JSON.stringify(wanted)})`,
  );
  // Shoppers are slower than the answer that names the attempt.
  await page.waitForFunction(
    `window.element.data.paymentMethod.checkoutAttemptId === ${JSON.stringify(ATTEMPT_ID)}`,
  );
  const state = JSON.stringify(wanted.state ?? {});
  await page.evaluate(`{ window.element.setState(${state}); window.element.submit(); }`);
  await page.waitForFunction("window.emitted !== undefined");
  return page.evaluate<Emission>("window.emitted");
}
