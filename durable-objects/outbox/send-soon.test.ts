import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SendSoon } from "./send-soon.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A sender beside work that ends when the test says so. */
function sender() {
  const work = Promise.withResolvers<void>();
  let sends = 0;
  const sending = new SendSoon(
    () => work.promise,
    async () => {
      sends += 1;
    },
  );
  return { sending, endWork: work.resolve, sends: () => sends };
}

test("what is emitted while work is under way leaves in one send, when the work ends", async () => {
  const { sending, endWork, sends } = sender();
  const first = sending.soon();
  const second = sending.soon();
  await vi.advanceTimersByTimeAsync(500);
  expect(sends()).toBe(0);

  endWork();
  await Promise.all([first, second]);

  expect(sends()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("work that takes longer holds nothing up for more than a second, and what comes later is sent, too", async () => {
  const { sending, endWork, sends } = sender();
  const first = sending.soon();
  await vi.advanceTimersByTimeAsync(999);
  expect(sends()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  expect(sends()).toBe(1);

  const later = sending.soon();
  endWork();
  await later;
  expect(sends()).toBe(2);
});
