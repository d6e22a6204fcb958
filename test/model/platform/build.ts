import { join } from "node:path";
import { vi } from "vitest";
import type * as deps from "../../../durable-objects/checkout/checkout.deps.ts";
import type { CheckoutObject } from "../../../durable-objects/checkout/checkout.object.ts";
import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import type { AdyenProvider } from "../../../payments/adyen/adyen.provider.ts";

/** The product: the real one, or a copy of it with a mistake in it. */
export type Build = {
  readonly CheckoutObject: typeof CheckoutObject;
  readonly AdyenProvider: typeof AdyenProvider;
};

/** What a world puts in the place of what an object calls outside. */
export type ModelEnv = Env & { readonly MODEL: Partial<CheckoutDeps> };

/** Loads the product from a folder. Of its own parts only the wiring to the outside is replaced. */
export async function load(root: string): Promise<Build> {
  const wiring = join(root, "durable-objects/checkout/checkout.deps.ts");
  vi.doMock(wiring, async (original: () => Promise<typeof deps>) => {
    const real = await original();
    const checkoutDeps: typeof real.checkoutDeps = (env, own) => {
      const { MODEL } = env as ModelEnv;
      return { ...real.checkoutDeps(env, own), ...MODEL };
    };
    return { ...real, checkoutDeps };
  });
  const { CheckoutObject } = await import(
    /* @vite-ignore */ join(root, "durable-objects/checkout/checkout.object.ts")
  );
  const { AdyenProvider } = await import(
    /* @vite-ignore */ join(root, "payments/adyen/adyen.provider.ts")
  );
  return { CheckoutObject, AdyenProvider };
}
