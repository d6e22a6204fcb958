import type { FeedPlace } from "../../../durable-objects/feed/feed.object.ts";
import type { Endpoint } from "../../../durable-objects/feed/webhooks/endpoint.store.ts";
import { feedStub } from "../../../durable-objects/placement.ts";
import type { ShopId } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { type RegionCode, regionCodes } from "../../../schema/regions.ts";
import type {
  EndpointId,
  EndpointView,
  RegisterEndpoint,
} from "../../../schema/webhook-endpoints.ts";
import { ask } from "./ask.ts";

/** Its feed decides about endpoints, one call at a time; the others keep copies (decision 17). */
const DESK: RegionCode = "eu";
const others = regionCodes.filter((code) => code !== DESK);

type Mine = { readonly shopId: ShopId; readonly endpointId: EndpointId };

export const webhooksAt = (env: Env, region: RegionCode) => feedStub(env, region, "webhooks");
export const placeIn = (region: RegionCode): FeedPlace => ({ region, feed: "webhooks" });

/** Registers in every region, or fails: then the same call again finishes it. */
export async function register(env: Env, wish: RegisterEndpoint & { shopId: ShopId }) {
  const decided = await ask(() => webhooksAt(env, DESK).register(placeIn(DESK), wish));
  return isRefusal(decided) ? decided : everywhere(env, decided);
}

export async function rotate(env: Env, mine: Mine) {
  const decided = await ask(() => webhooksAt(env, DESK).rotate(placeIn(DESK), mine));
  return isRefusal(decided) ? decided : everywhere(env, decided);
}

export async function remove(env: Env, mine: Mine) {
  const decided = await ask(() => webhooksAt(env, DESK).remove(placeIn(DESK), mine));
  return isRefusal(decided) ? decided : everywhere(env, decided);
}

export const endpointsOf = (env: Env, shopId: ShopId) =>
  ask(() => webhooksAt(env, DESK).endpoints(shopId));

export const endpointNamed = (env: Env, mine: Mine) =>
  ask(() => webhooksAt(env, DESK).endpoint(mine));

/** Goes on in every region. */
export async function enable(env: Env, mine: Mine): Promise<void> {
  await Promise.all(
    regionCodes.map((region) => ask(() => webhooksAt(env, region).enable(placeIn(region), mine))),
  );
}

/** How it stands in each region. */
export async function statesOf(env: Env, mine: Mine): Promise<EndpointView["regions"]> {
  const states = await Promise.all(
    regionCodes.map(async (region) => {
      const state = await ask(() => webhooksAt(env, region).endpointState(placeIn(region), mine));
      return isRefusal(state) ? [] : [{ region, ...state }];
    }),
  );
  return states.flat();
}

async function everywhere(env: Env, decided: Endpoint): Promise<Endpoint> {
  await Promise.all(
    others.map((region) => ask(() => webhooksAt(env, region).copy(placeIn(region), decided))),
  );
  return decided;
}
