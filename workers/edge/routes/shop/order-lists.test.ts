import { env, exports } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { customerReferenceOf } from "../../../../durable-objects/pseudonym.ts";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import {
  demo,
  lifeOf,
  newCheckoutId,
  orderAt,
  orderOf,
  placed,
} from "../../../../orders/testing/order-fixtures.ts";
import type { Order } from "../../../../schema/order.ts";
import { OrderList } from "../../../../schema/order-list.ts";
import { orderNumberOf } from "../../../../schema/order-number.ts";
import type { RegionCode } from "../../../../schema/regions.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import worker from "../../../index.ts";
import { Problem } from "../../gate/problem.ts";

async function send(path: string, init: RequestInit & { key?: string } = {}) {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${init.key ?? shopKeys.secret}`);
  headers.set("content-type", "application/json");
  const request = new Request(`https://tender.test${path}`, { ...init, headers });
  return exports.default.fetch(request);
}

async function listed(path: string, key?: string) {
  const response = await send(path, key === undefined ? {} : { key });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { list: OrderList.parse(JSON.parse(text)), headers: response.headers };
}

const refusedWith = async (response: Response) =>
  Problem.parse(JSON.parse(await response.text())).code;

/** An order that is stored in its region, of this customer. */
async function stored(second: number, customerId: string, region: RegionCode = "eu") {
  const customerReference = customerReferenceOf(env.ID_KEY, demo, customerId);
  const order = orderAt(second, { customerReference, region });
  await orderStoreOf(env, region).apply([placed(order)]);
  return order;
}

const idsOf = (orders: readonly Order[]) => orders.map(({ orderId }) => orderId);

test("a merchant pages through one customer's orders of all regions, newest first", async () => {
  const orders = [
    await stored(0, "ada"),
    await stored(1, "ada", "us"),
    await stored(2, "ada", "sam"),
    await stored(3, "ada"),
  ];
  await stored(9, "grace");
  const first = await listed("/v1/orders?customerId=ada&limit=3");
  await stored(99, "ada", "apac"); // a new order moves no page
  const second = await listed(`/v1/orders?customerId=ada&limit=3&cursor=${first.list.next}`);
  expect(idsOf([...first.list.orders, ...second.list.orders])).toEqual(idsOf(orders.toReversed()));
  expect(second.list.next).toBeUndefined();
  const { list } = await listed("/v1/orders?customerId=ada&region=us");
  expect(idsOf(list.orders)).toEqual(idsOf(orders.slice(1, 2)));
});

test("a merchant finds an order of any region by the number that a shopper read out", async () => {
  const order = orderOf({ region: "sam", checkoutId: newCheckoutId("sam") });
  await orderStoreOf(env, "sam").apply([placed(order)]);
  const typed = orderNumberOf(order.orderId).toLowerCase().replaceAll("-", " ");
  const { list } = await listed(`/v1/orders?orderNumber=${encodeURIComponent(typed)}`);
  expect(idsOf(list.orders)).toEqual([order.orderId]);
  expect((await listed("/v1/orders?orderNumber=0000-0000-0000")).list).toEqual({ orders: [] });
  for (const query of ["", "orderNumber=7", "customerId=ada&orderNumber=0000-0000-0000"]) {
    expect(await refusedWith(await send(`/v1/orders?${query}`)), query).toBe("invalid_request");
  }
});

test("an answer's bookmark can be given back, and one of another form is refused", async () => {
  const order = await stored(0, "bookmarked");
  const { headers } = await listed("/v1/orders?customerId=bookmarked");
  const bookmark = headers.get("order-bookmark") ?? "";
  expect(bookmark).toMatch(/^eu=[0-9a-f-]+;us=[0-9a-f-]+;apac=[0-9a-f-]+;sam=[0-9a-f-]+$/);
  const init = { headers: { "order-bookmark": bookmark } };
  const again = await send("/v1/orders?customerId=bookmarked", init);
  expect(idsOf(OrderList.parse(await again.json()).orders)).toEqual([order.orderId]);

  const wrong = await send("/v1/orders?customerId=x", { headers: { "order-bookmark": "eu=*" } });
  expect(await refusedWith(wrong)).toBe("invalid_request");
});

test("a storefront's key lists nobody's orders", async () => {
  const response = await send("/v1/orders?customerId=ada", { key: shopKeys.publishable });
  expect(await refusedWith(response)).toBe("forbidden");
});

test("a cursor of another API, a limit out of bounds, an unknown fact: refused", async () => {
  for (const query of ["cursor=bm90IG1pbmU", "cursor=!", "limit=0", "limit=101", "page=2"]) {
    const response = await send(`/v1/orders?customerId=ada&${query}`);
    expect(await refusedWith(response), query).toBe("invalid_request");
  }
  const response = await send("/v1/ops/orders?payment=stolen", { key: shopKeys.operator });
  expect(await refusedWith(response)).toBe("invalid_request");
});

test("an operator finds orders by facts and time", async () => {
  const failed = orderAt(50_000, { payment: "capture_failed", status: "capture_failed" });
  await orderStoreOf(env, "eu").apply([placed(failed)]);
  const [since, until] = [49_999, 50_001].map((second) => orderAt(second).createdAt);
  const span = `since=${since}&until=${until}`;
  for (const query of [span, `payment=capture_failed&${span}`, `status=capture_failed&${span}`]) {
    const { list } = await listed(`/v1/ops/orders?${query}`, shopKeys.operator);
    expect(idsOf(list.orders), query).toEqual([failed.orderId]);
  }
  const { list } = await listed(`/v1/ops/orders?payment=captured&${span}`, shopKeys.operator);
  expect(list.orders).toEqual([]);
});

test("a page that would lack a region's orders is refused, not shown", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const prepare = () => {
    throw new Error("away");
  };
  const broken = { withSession: () => ({ prepare }) };
  const request = new Request("https://tender.test/v1/orders?customerId=ada", {
    headers: { authorization: `Bearer ${shopKeys.secret}` },
  });
  const away = { ...env, ORDERS_US: Object.assign(Object.create(env.ORDERS_US), broken) };
  const response = await worker.fetch(request, away, {} as ExecutionContext);
  warned.mockRestore();
  expect(await refusedWith(response)).toBe("unavailable");
});

test("an operator rebuilds a region page by page: lost and wrong rows are as before, byte by byte", async () => {
  const orders = Array.from({ length: 3 }, () => orderOf({ region: "apac" }));
  await orderStoreOf(env, "apac").apply(orders.flatMap((order) => lifeOf(order)));
  const rows = async () => (await env.ORDERS_APAC.prepare("SELECT * FROM orders").all()).results;
  const before = await rows();
  await env.ORDERS_APAC.prepare("DELETE FROM orders WHERE order_id = ?")
    .bind(orders[0]?.orderId ?? "")
    .run();
  await env.ORDERS_APAC.prepare("UPDATE orders SET status = 'placed', version = 9").run();

  let after: string | undefined;
  const pages: number[] = [];
  do {
    const body = JSON.stringify({ region: "apac", limit: 2, ...(after ? { after } : {}) });
    const init = { method: "POST", body, key: shopKeys.operator };
    const response = await send("/v1/ops/orders/rebuild", init);
    const page: { rebuilt: number; next?: string } = await response.json();
    pages.push(page.rebuilt);
    after = page.next;
  } while (after !== undefined);
  expect(pages.reduce((sum, count) => sum + count)).toBe(before.length);
  expect(await rows()).toEqual(before);
});
