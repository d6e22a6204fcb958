import { expect, test } from "vitest";
import { ShopNotice, ShopNotices } from "../../schema/shop-notices.ts";
import { noticesNow } from "./notices-now.ts";

const notices = [
  { kind: "withdrawal", title: "Withdrawal", text: "14 days." },
  { kind: "withdrawal", title: "Widerruf", text: "14 Tage.", countries: ["DE", "AT"] },
  {
    ...{ kind: "legal_guarantee", title: "Legal guarantee", url: "https://shop.example/g" },
    ...{ countries: ["DE", "FR"], from: "2026-09-27T00:00" },
  },
  { kind: "terms", title: "Terms", url: "https://shop.example/t", until: "2026-12-01T00:00:00Z" },
].map((each) => ShopNotice.parse(each));

const titles = (country: string, now: string) =>
  noticesNow(notices, { country, timeZone: "Europe/Berlin", nowMs: Date.parse(now) }).map(
    ({ title }) => title,
  );

test("a country's own notice stands instead of the one for everywhere", () => {
  expect(titles("AT", "2026-08-01T00:00:00Z")).toEqual(["Widerruf", "Terms"]);
  expect(titles("US", "2026-08-01T00:00:00Z")).toEqual(["Withdrawal", "Terms"]);
});

/** Directive (EU) 2024/825, article 4: its measures apply from 27 September 2026. */
test("the legal guarantee's notice begins on the shop's wall, and an end is the first moment without it", () => {
  expect(titles("DE", "2026-09-26T21:59:59Z")).not.toContain("Legal guarantee");
  expect(titles("DE", "2026-09-26T22:00:00Z")).toContain("Legal guarantee");
  expect(titles("DE", "2026-11-30T23:59:59Z")).toContain("Terms");
  expect(titles("DE", "2026-12-01T00:00:00Z")).not.toContain("Terms");
});

test("of a notice shoppers are shown what it says, not where and when", () => {
  const now = { country: "FR", timeZone: "UTC", nowMs: Date.parse("2026-10-01T00:00:00Z") };
  expect(noticesNow(notices, now)[1]).toEqual({
    ...{ kind: "legal_guarantee", title: "Legal guarantee", url: "https://shop.example/g" },
  });
});

test.each([
  [{ kind: "terms", title: "Terms" }, "it has a text or a url"],
  [{ kind: "terms", title: "T", url: "javascript:alert(1)" }, "Invalid URL"],
  [{ kind: "terms", title: "T", url: "http://shop.example" }, "Invalid URL"],
  [
    { kind: "terms", title: "T", text: "t", from: "2026-12-01T00:00", until: "2026-11-01T00:00" },
    "a notice ends after it began",
  ],
  [
    { kind: "terms", title: "T", text: "t", from: "2026-02-31T00:00" },
    "a time is 2026-11-27T00:00 on the shop's wall, or has an offset: 2026-11-27T00:00+01:00",
  ],
])("a notice that nobody could be shown is refused: %o", (notice, why) => {
  const { error } = ShopNotices.safeParse({ notices: [notice] });
  expect(error?.issues.map(({ message }) => message)).toEqual([why]);
});
