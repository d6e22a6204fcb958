import { parsePix } from "pix-utils";
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { openStripe, whyNot } from "../specs/simulators-alone.ts";

const SOON = { withinMs: 10_000 };
const { door, exchanges, key, ledgerOf, receiver, set, stripe, wireProblems } = await openStripe();

const currencyOf = { ideal: "eur", wero: "eur", pix: "brl", upi: "inr" } as const;
type Local = keyof typeof currencyOf;

function local(
  checkoutId: string,
  type: Local,
  over: { readonly name?: string } & Partial<Stripe.PaymentIntentCreateParams> = {},
): Stripe.PaymentIntentCreateParams {
  const { name = "Ada Lovelace", ...rest } = over;
  return {
    amount: 1299,
    currency: currencyOf[type],
    confirm: true,
    payment_method_data: { type, billing_details: { name, email: "ada@shop.test" } },
    allowed_payment_method_types: [type],
    return_url: "https://shop.test/back?from=bank",
    metadata: { checkout_id: checkoutId },
    ...rest,
  };
}

/** What is paid with is of the type `wero` in a preview version alone. */
const sentFor = (type: Local): Stripe.RequestOptions =>
  type === "wero" ? { ...key(), apiVersion: "2026-10-28.preview" } : key();

const act = (id: string, what: string): Promise<Response> =>
  door(`shopper/${id}`, { method: "POST", body: JSON.stringify({ act: what }) });

const statusOf = async (id: string): Promise<string> =>
  (await stripe.paymentIntents.retrieve(id)).status;

const typesOf = (id: string): string[] =>
  receiver.deliveries.filter(({ raw }) => raw.includes(id)).map(({ event }) => event.type);

test("an iDEAL shopper pays on the bank's page, comes back, and the money is here at once", async () => {
  const intent = await stripe.paymentIntents.create(local("chk_ideal", "ideal"), key());
  expect(intent).toMatchObject({
    status: "requires_action",
    next_action: { type: "redirect_to_url" },
  });
  const url = intent.next_action?.redirect_to_url?.url ?? "";
  expect(await (await fetch(url)).text()).toContain("12.99 EUR");

  const body = new URLSearchParams({ outcome: "pass", client_secret: intent.client_secret ?? "" });
  const back = await fetch(url, { method: "POST", redirect: "manual", body });

  const location = new URL(back.headers.get("location") ?? "");
  expect(location.searchParams.get("redirect_status")).toBe("succeeded");
  const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
  expect(paid).toMatchObject({
    status: "succeeded",
    amount_received: 1299,
    latest_charge: { captured: true, payment_method_details: { type: "ideal" } },
  });
  expect(await stripe.refunds.create({ payment_intent: intent.id }, key())).toMatchObject({
    status: "succeeded",
    amount: 1299,
  });
  expect(await ledgerOf("chk_ideal")).toMatchObject([
    { method: "ideal", status: "succeeded", captures: [{ amount: 1299, final: true }] },
  ]);
});

test("a Wero shopper pays on a page, in one go, and is refunded in parts", async () => {
  const intent = await stripe.paymentIntents.create(local("chk_wero", "wero"), sentFor("wero"));
  const url = intent.next_action?.redirect_to_url?.url ?? "";
  expect(await (await fetch(url)).text()).toContain("Pay with Wero");
  await act(intent.id, "approve");
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
    status: "succeeded",
    payment_method_types: ["wero"],
  });
  for (const amount of [300, 999]) {
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount }, key());
    expect(refund).toMatchObject({ status: "succeeded", amount });
  }
  await eventually(
    async () => typesOf(intent.id),
    (types) => types.includes("payment_intent.succeeded") && types.includes("charge.refunded"),
    SOON,
  );
});

test("Pix shows a code that the Central Bank's rules read, until the second that was asked for", async () => {
  const pix = { expires_after_seconds: 600 };
  const intent = await stripe.paymentIntents.create(
    local("chk_pix", "pix", { payment_method_options: { pix } }),
    key(),
  );
  const shown = intent.next_action?.pix_display_qr_code;
  expect(parsePix(shown?.data ?? "")).toMatchObject({ type: "STATIC", transactionAmount: 12.99 });
  expect(Math.abs((shown?.expires_at ?? 0) - intent.created - 600)).toBeLessThanOrEqual(1);
  const svg = await fetch(shown?.image_url_svg ?? "");
  expect(svg.headers.get("content-type")).toBe("image/svg+xml");
  const png = new Uint8Array(await (await fetch(shown?.image_url_png ?? "")).arrayBuffer());
  expect([...png.slice(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  expect(await (await fetch(shown?.hosted_instructions_url ?? "")).text()).toContain("12.99 BRL");

  expect(await (await act(intent.id, "approve")).json()).toMatchObject({ status: "succeeded" });
  expect(await statusOf(intent.id)).toBe("succeeded");
  await eventually(
    async () => typesOf(intent.id),
    (types) => types.includes("payment_intent.succeeded"),
    SOON,
  );
});

test("a UPI shopper has five minutes; afterwards nobody can pay", async () => {
  const intent = await stripe.paymentIntents.create(local("chk_upi", "upi"), key());
  const { qr_code: code } = intent.next_action?.upi_handle_redirect_or_display_qr_code ?? {};
  expect(Math.abs((code?.expires_at ?? 0) - intent.created - 300)).toBeLessThanOrEqual(1);
  await set({ clockShiftMs: 301_000 });

  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "payment_intent_payment_attempt_expired" },
    next_action: null,
  });
  expect((await act(intent.id, "approve")).status).toBe(409);
  await eventually(
    async () => typesOf(intent.id),
    (types) => types.includes("payment_intent.payment_failed"),
    SOON,
  );
});

test("a code ends by itself, and the shop is told although nobody looked", async () => {
  const pix = { expires_after_seconds: 60 };
  const intent = await stripe.paymentIntents.create(
    local("chk_alone", "pix", { payment_method_options: { pix } }),
    key(),
  );
  await set({ clockShiftMs: 59_000 });
  const types = await eventually(
    async () => typesOf(intent.id),
    (seen) => seen.length === 2,
    SOON,
  );
  expect(types).toContain("payment_intent.payment_failed");
});

test("sentinel names decide what becomes of a refund, too", async () => {
  await set({ refundSettleMs: 0 });
  const names = { name: "Sim Approve, Sim Refund Fails" };
  const { id } = await stripe.paymentIntents.create(local("chk_back", "pix", names), key());
  await eventually(
    () => statusOf(id),
    (status) => status === "succeeded",
    SOON,
  );
  const refund = await stripe.refunds.create({ payment_intent: id }, key());
  const settled = await eventually(
    () => stripe.refunds.retrieve(refund.id),
    ({ status }) => status === "failed",
    SOON,
  );
  expect(settled.failure_reason).toBe("unknown");
});

test("a payment that is cancelled cannot be paid any more", async () => {
  const intent = await stripe.paymentIntents.create(local("chk_left", "pix"), key());
  expect(await (await act(intent.id, "abandon")).json()).toMatchObject({
    status: "requires_action",
  });
  await stripe.paymentIntents.cancel(intent.id, {}, key());
  expect((await act(intent.id, "approve")).status).toBe(409);
  expect(await statusOf(intent.id)).toBe("canceled");
});

test("sentinel names pay, refuse or stay away by themselves, and a decline leaves the intent open", async () => {
  await set({ shopperMs: 50 });
  for (const type of ["ideal", "wero", "pix", "upi"] as const) {
    for (const [name, end] of [
      ["Sim Approve", "succeeded"],
      ["Sim Slow", "succeeded"],
      ["Sim Decline", "requires_payment_method"],
    ] as const) {
      const params = local(`chk_${type}_${end}`, type, { name });
      const { id, status } = await stripe.paymentIntents.create(params, sentFor(type));
      expect(status).toBe("requires_action");
      await eventually(
        () => statusOf(id),
        (now) => now === end,
        SOON,
      );
    }
    const { id } = await stripe.paymentIntents.create(
      local("chk_never", type, { name: "Sim Never" }),
      sentFor(type),
    );
    expect(await statusOf(id)).toBe("requires_action");
  }
  const refused = await stripe.paymentIntents.create(local("chk_again", "ideal"), key());
  await act(refused.id, "decline");
  expect(await stripe.paymentIntents.retrieve(refused.id)).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "payment_intent_authentication_failure" },
  });
  const again = {
    payment_method_data: { type: "ideal", billing_details: { name: "Ada" } },
    return_url: "https://shop.test/back",
  } as const;
  expect(await stripe.paymentIntents.confirm(refused.id, again, key())).toMatchObject({
    status: "requires_action",
  });
});

test("what a local method cannot do is refused before anything is shown", async () => {
  for (const [params, param] of [
    [local("chk_no", "ideal", { currency: "usd" }), "currency"],
    [local("chk_no", "pix", { currency: "eur" }), "currency"],
    [local("chk_no", "upi", { currency: "brl" }), "currency"],
    [local("chk_no", "ideal", { capture_method: "manual" }), "capture_method"],
    [local("chk_no", "wero"), "payment_method_data[type]"],
    [{ ...local("chk_no", "ideal"), return_url: "" }, "return_url"],
    [
      local("chk_no", "pix", { payment_method_options: { pix: { expires_after_seconds: 59 } } }),
      "payment_method_options[pix][expires_after_seconds]",
    ],
    [
      local("chk_no", "pix", { allowed_payment_method_types: ["card"] }),
      "payment_method_data[type]",
    ],
  ] as const) {
    expect(await whyNot(stripe.paymentIntents.create(params, key()))).toMatchObject({
      statusCode: 400,
      param,
    });
  }
  expect(await ledgerOf("chk_no")).toEqual([]);
});

test("every request, answer and event of these stories fits the official types", () => {
  expect(exchanges.length).toBeGreaterThan(20);
  expect(wireProblems()).toEqual([]);
});
