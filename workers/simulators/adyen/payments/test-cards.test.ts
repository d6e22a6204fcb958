import { expect, test } from "vitest";
import { sceneOf, storedScene } from "./test-cards.ts";

test("a card's outcome comes by its number, its holder's name or a requested code", () => {
  expect(sceneOf("4111111111111111", "A. Shopper", "")).toMatchObject({ refusal: null });
  expect(sceneOf("4111111111111111", "DECLINED : 06 : ERROR", "")?.refusal?.code).toBe("2");
  expect(sceneOf("4111111111111111", "A. Shopper", "9")?.refusal?.reason).toBe(
    "Issuer Unavailable",
  );
  expect(sceneOf("5201281505129736", "", "")).toMatchObject({ wants3ds: true, brand: "mc" });
  expect(sceneOf("1", "", "")).toBeNull();
  expect(storedScene("stored_DECLINED")?.refusal?.code).toBe("2");
  expect(storedScene("stored_NOT_ENOUGH_BALANCE")?.refusal?.code).toBe("12");
  expect(storedScene("stored_capture_failed")?.quirk).toBe("capture_failed");
  expect(storedScene("stored_5201281505129736")).toMatchObject({ wants3ds: true });
  expect(storedScene("card_1")).toBeNull();
});
