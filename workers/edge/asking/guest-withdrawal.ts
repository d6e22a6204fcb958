import { checkoutStub } from "../../../durable-objects/placement.ts";
import { checkoutIdFrom, checkoutIdOf, type ShopId } from "../../../schema/ids.ts";
import type { OrderNumber } from "../../../schema/order-number.ts";
import type { GuestWithdrawal, GuestWithdrawalView } from "../../../schema/withdrawal.ts";
import { ask } from "./ask.ts";
import { orderPage } from "./order-pages.ts";

type GuestCall = {
  readonly shopId: ShopId;
  readonly key: string;
  readonly fingerprint: string;
  readonly body: GuestWithdrawal;
};

/** No answer comes sooner, so that its time does not tell whether there was something to write. */
const ANSWER_AFTER_MS = 400;
/** Of one number there is one order, unless two ids begin alike (decision 26). */
const ORDERS_MAX = 2;
const ID_BYTES = 17;

/**
 * A guest's withdrawal. The answer is made of the question alone; a number that nobody has is looked
 * up all the same, and an object that has no sale is asked for it.
 *
 * Throws: when a store or an object cannot be asked: nothing was declared, repeat it with the key.
 */
export async function withdrawAsGuest(env: Env, call: GuestCall): Promise<GuestWithdrawalView> {
  const { orderNumber, confirm } = call.body;
  if (!confirm) return { status: "asked", ...wordsFor(orderNumber), next: TO_CONFIRM };
  const [declared] = await Promise.allSettled([declare(env, call), passed(ANSWER_AFTER_MS)]);
  if (declared.status === "rejected") throw declared.reason;
  return { status: "received", ...wordsFor(orderNumber), next: RECEIVED };
}

const TO_CONFIRM = "Nothing is declared yet: confirm the withdrawal.";
const RECEIVED =
  "If there is such an order of this e-mail and it can still be withdrawn from, an acknowledgement " +
  "with date and time is on its way to that address. If none comes, write to the shop.";

function wordsFor(orderNumber: OrderNumber) {
  return { orderNumber, statement: `I withdraw from my contract for order ${orderNumber}.` };
}

async function declare(env: Env, { shopId, key, fingerprint, body }: GuestCall): Promise<void> {
  const { orderNumber, email, lines } = body;
  const page = { region: undefined, limit: ORDERS_MAX, bookmarks: {} };
  const { list } = await orderPage(env, page, (store, limit, region) =>
    store.ordersNumbered(shopId, { region, orderNumber, limit }),
  );
  const found = list.orders.map(({ orderId }) => checkoutIdOf(orderId));
  const asked = found.length > 0 ? found : [nobodys()];
  const caller = { shopId, isMerchant: false, email };
  const call = { act: "guest", caller, key, fingerprint, body: { lines } } as const;
  await Promise.all(asked.map((id) => ask(() => checkoutStub(env, shopId, id).withdrawal(call))));
}

/** An id that no sale has. */
function nobodys() {
  return checkoutIdFrom("eu", crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
