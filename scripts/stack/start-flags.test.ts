import { expect, test } from "vitest";
import { parseFlags } from "./start-flags.ts";

test("a variable's value keeps its colons", () => {
  const flags = parseFlags(["--port", "9000", "--var", "STRIPE_API_BASE:http://127.0.0.1:9101"]);

  expect(flags).toEqual({
    port: 9000,
    persistTo: ".tender/state",
    vars: { STRIPE_API_BASE: "http://127.0.0.1:9101" },
    postgres: {},
  });
});

test("any number of variables, also empty ones; the last of a name counts", () => {
  const flags = parseFlags(["--var", "A:1", "--var=B:", "--var", "A:2"]);

  expect(flags).toMatchObject({ port: 8787, vars: { A: "2", B: "" } });
});

test("a region's orders may stand in a Postgres", () => {
  const flags = parseFlags(["--postgres", "eu=postgres://me:word@127.0.0.1:5432/orders"]);

  expect(flags).toMatchObject({ postgres: { eu: "postgres://me:word@127.0.0.1:5432/orders" } });
});

test.each([
  [["--prot", "1"], "--prot"],
  [["extra"], "extra"],
  [["--port", "none"], '"none"'],
  [["--port", "65535"], '"65535"'],
  [["--port", ""], '""'],
  [["--var", "NAME"], '"NAME"'],
  [["--var", "lower:1"], '"lower:1"'],
  [["--persist-to"], "--persist-to"],
  [["--postgres", "mars=postgres://u:p@h/d"], '"mars=postgres://u:p@h/d"'],
  [["--postgres", "eu=mysql://u:p@h/d"], '"eu=mysql://u:p@h/d"'],
])("%j is refused with a sentence that names it", (args, named) => {
  expect(parseFlags(args)).toEqual({ wrong: expect.stringContaining(named) });
});
