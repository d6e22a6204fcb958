import type { ProviderName } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import type { RegionCode } from "../../schema/regions.ts";
import type { PaymentProvider } from "../provider.ts";
import { withAuthorize } from "./authorize-decorator.ts";

/** Opens a TCP connection: `connect` of cloudflare:sockets, which only Workers have. */
export type Connect = (address: { readonly hostname: string; readonly port: number }) => {
  readonly opened: Promise<unknown>;
  close(): Promise<void>;
};

type Reach = {
  readonly name: ProviderName;
  readonly connect: Connect;
  isSuspect(region: RegionCode): boolean;
  /** Where the provider's API stands for a region. */
  apiBaseOf(region: RegionCode): string;
};

const UNREACHABLE = { reason: "provider_unreachable", retryable: true } as const;
/** Three lost packets are sent again within it; a shopper hardly notices it. */
const CONNECT_WITHIN_MS = 1_500;

/**
 * The provider, refused before anything is sent when it cannot even be connected to. A failed fetch
 * never tells whether its request had left; a connection of our own that fails, made before the
 * very first call, proves that none did, and another provider may be tried at once. It is only made
 * for a provider of which the last news were bad: a healthy one costs nothing.
 *
 * Refuses: payment_declined, `provider_unreachable`, retryable.
 * Source: https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
 */
export function reachable(provider: PaymentProvider, reach: Reach): PaymentProvider {
  return withAuthorize(provider, async (request, call) => {
    const mayProbe = call.nthTry === 1 && reach.isSuspect(call.region);
    if (mayProbe && !(await canConnect(reach.connect, reach.apiBaseOf(call.region)))) {
      return refuse("payment_declined", { ...UNREACHABLE, provider: reach.name });
    }
    return provider.authorize(request, call);
  });
}

async function canConnect(connect: Connect, apiBase: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(apiBase);
  const plain = protocol === "http:" ? 80 : 443;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CONNECT_WITHIN_MS);
  });
  try {
    const socket = connect({ hostname, port: port === "" ? plain : Number(port) });
    const opened = socket.opened.then(
      () => true,
      () => false,
    );
    const isOpen = await Promise.race([opened, late]);
    // Whether it closes well is nobody's concern: it has told what it was for.
    socket.close().catch(() => undefined);
    return isOpen;
  } catch {
    return false; // an address that cannot be connected to at all: nothing was sent either
  } finally {
    clearTimeout(timer);
  }
}
