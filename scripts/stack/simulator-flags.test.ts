import { expect, test } from "vitest";
import { parseSimulatorFlags } from "./simulator-flags.ts";

test("the simulators alone send no webhooks unless they are told where to", () => {
  expect(parseSimulatorFlags([])).toEqual({
    port: 8788,
    persistTo: ".tender/simulators",
    webhooks: undefined,
    vars: {},
  });
  expect(parseSimulatorFlags(["--port", "9000", "--webhooks", "http://127.0.0.1:8787/"])).toEqual({
    port: 9000,
    persistTo: ".tender/simulators",
    webhooks: "http://127.0.0.1:8787",
    vars: {},
  });
});

test("webhooks may go to any address, under a secret of one's own", () => {
  const args = ["--var", "STRIPE_WEBHOOK_URL:http://127.0.0.1:4242/hook"];

  expect(parseSimulatorFlags([...args, "--var", "STRIPE_WEBHOOK_SECRET:whsec_mine"])).toMatchObject(
    {
      vars: {
        STRIPE_WEBHOOK_URL: "http://127.0.0.1:4242/hook",
        STRIPE_WEBHOOK_SECRET: "whsec_mine",
      },
    },
  );
});

test.each([
  [["--prot", "1"], "--prot"],
  [["--port", "none"], '"none"'],
  [["--webhooks", "8787"], '"8787"'],
  [["--webhooks", "ftp://127.0.0.1"], '"ftp://127.0.0.1"'],
  [["--var", "NAME"], '"NAME"'],
])("%j is refused with a sentence that names it", (args, named) => {
  expect(parseSimulatorFlags(args)).toEqual({ wrong: expect.stringContaining(named) });
});
