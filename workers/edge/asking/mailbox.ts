import { checkoutStub, feedStub } from "../../../durable-objects/placement.ts";
import type { MailView } from "../../../schema/feeds.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { ask } from "./ask.ts";

type Mailbox = { readonly region: RegionCode; readonly shopId: ShopId; readonly limit: number };

/** One region's mails as shoppers got them; each sale is asked for its address (decision 16). */
export async function mailsOf(
  env: Env,
  { region, shopId, limit }: Mailbox,
): Promise<readonly MailView[]> {
  const mails = await ask(() => feedStub(env, region, "mail").mails(shopId, limit));
  return Promise.all(
    mails.map(async ({ eventId, orderId, checkoutId, atMs, subject, text }) => {
      const to = await ask(() => checkoutStub(env, shopId, checkoutId).addressee(shopId));
      const at = new Date(atMs).toISOString();
      const { email, name } = to ?? {};
      const addressee = email === undefined ? {} : { to: name ? { email, name } : { email } };
      return { region, eventId, orderId, at, ...addressee, subject, text };
    }),
  );
}
