import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { eventually } from "../../../test/eventually.ts";
import { demo, saleAtTheBank, stockOf, stockUp, withoutQueues } from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

beforeAll(() => stockUp("mug"));
beforeEach(() => {
  withoutQueues();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A payment on its way back that gets stuck there, until its provider is back. */
async function awaiting() {
  const { sale, canUndo } = await saleAtTheBank();
  const getsStuck = async () => {
    for (let days = 1; days <= 60 && (await sale.status()) !== "stuck"; days += 1) {
      vi.setSystemTime(Date.now() + DAY_MS);
      await runDurableObjectAlarm(sale.stub);
    }
    expect(await sale.status()).toBe("stuck");
  };
  const isBack = async () => {
    canUndo();
    vi.setSystemTime(Date.now() + HOUR_MS);
    await runDurableObjectAlarm(sale.stub);
  };
  return { sale, isBack, getsStuck };
}

test.each([
  { name: "was called off", isSuperseded: false },
  { name: "was called off while it went back for another card", isSuperseded: true },
])("a payment that $name and got stuck ends cancelled once it is resumed", async (each) => {
  const { held } = await stockOf("mug").levels();
  const { sale, isBack, getsStuck } = await awaiting();
  if (each.isSuperseded) expect(await sale.pay("pm_visa")).toMatchObject({ http: 202 });
  expect(await sale.cancel()).toMatchObject({ http: 202, status: "cancelling" });
  await getsStuck();

  expect(await sale.stub.resume(demo)).toHaveLength(1);
  expect(await sale.status()).toBe("cancelling");
  await isBack();
  vi.useRealTimers();
  await eventually(sale.status, (status) => status === "cancelled", SOON);
  expect((await stockOf("mug").levels()).held).toBe(held);
});

test("a payment that nobody called off leaves its checkout open once it is resumed", async () => {
  const { sale, isBack, getsStuck } = await awaiting();
  expect(await sale.pay("pm_visa")).toMatchObject({ http: 202 });
  await getsStuck();

  await sale.stub.resume(demo);
  expect(await sale.status()).toBe("processing");
  await isBack();
  expect(await sale.status()).toBe("open");
});
