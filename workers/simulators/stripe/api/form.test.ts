import { expect, test } from "vitest";
import { canonicalForm, decodeForm } from "./form.ts";

test("forms decode to objects and lists, and metadata stays an object", () => {
  expect(
    decodeForm("a[b][0]=x&a[b][1]=y&list[]=1&list[]=2&metadata[0]=z&plain=1+2&e%5Bn%5D=%C3%A9"),
  ).toEqual({
    a: { b: ["x", "y"] },
    list: ["1", "2"],
    metadata: { "0": "z" },
    plain: "1 2",
    e: { n: "é" },
  });
});

test("a form cannot reach a prototype", () => {
  decodeForm("__proto__[polluted]=1&a[constructor][prototype][polluted]=1");
  expect("polluted" in {}).toBe(false);
});

test("the order of parameters makes no other request of it", () => {
  expect(canonicalForm("b=2&a=1")).toBe(canonicalForm("a=1&b=2"));
  expect(canonicalForm("b=2&a=1")).not.toBe(canonicalForm("a=1&b=3"));
});
