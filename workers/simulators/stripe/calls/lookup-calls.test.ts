import { expect, test } from "vitest";
import { readQuery } from "./lookup-calls.ts";

test("search reads metadata, status and several clauses, and refuses what it cannot read", () => {
  expect(readQuery("metadata['checkout_id']:'chk_1' AND status:\"succeeded\"")).toEqual([
    { key: "checkout_id", metadata: true, value: "chk_1" },
    { key: "status", metadata: false, value: "succeeded" },
  ]);
  expect(readQuery("metadata['checkout_id']~'chk'")).toBeNull();
});
