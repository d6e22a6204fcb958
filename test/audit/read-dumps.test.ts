import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { auditAtRest, readDumps } from "./read-dumps.ts";
import { authorized, payment, sale } from "./sample.ts";

type Pages = (path: string) => readonly object[] | string;

/** A server that dumps what `pages` says, under a path of its own for each dump. */
async function serve(pages: Pages) {
  const server = createServer((request, response) => {
    const page = pages(request.url ?? "");
    if (typeof page === "string") response.writeHead(500).end(page);
    else response.end(page.map((row) => `${JSON.stringify(row)}\n`).join(""));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => new Promise((closed) => server.close(() => closed())));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, simulatorUrl: url };
}

function page(path: string): readonly object[] {
  if (path.includes("adyen")) return [];
  if (path.endsWith("orders")) return sale.orders;
  if (path.endsWith("stock")) return sale.stock;
  if (path.endsWith("feeds")) return [{ feeds: sale.feeds }];
  return path.endsWith("events") ? sale.events : sale.ledger;
}

test("the dumps of a running instance are read line by line", async () => {
  const instance = await serve(page);
  expect(await readDumps(instance)).toEqual(sale);
});

test("a ledger that counts otherwise than ISO 4217 is read in our minor units", async () => {
  const krona = { ...payment, currency: "isk", amount: 279_000, amountReceived: 279_000 };
  const refunds = [{ id: "re_1", amount: 100_000, status: "succeeded" }];
  const instance = await serve((path) =>
    path.endsWith("stripe/ledger") ? [{ ...krona, amountRefunded: 100_000, refunds }] : page(path),
  );
  const { ledger } = await readDumps(instance);
  expect(ledger).toMatchObject([
    { amount: 2790, amountReceived: 2790, amountRefunded: 1000, refunds: [{ amount: 1000 }] },
  ]);
});

test("an audit at rest waits until nothing is unfinished", async () => {
  let ledgerReads = 0;
  const instance = await serve((path) => {
    if (!path.endsWith("stripe/ledger")) return page(path);
    ledgerReads += 1;
    // A second authorization stands beside the captured payment until it is voided.
    return ledgerReads < 3 ? [payment, { ...authorized, id: "pi_2" }] : [payment];
  });
  const result = await auditAtRest(instance, [], { withinMs: 30_000 });
  expect(result).toMatchObject({ violations: [], unfinished: [] });
  expect(ledgerReads).toBe(3);
});

test("an audit that runs out of patience says what is unfinished", async () => {
  const instance = await serve((path) =>
    path.endsWith("stripe/ledger") ? [payment, { ...authorized, id: "pi_2" }] : page(path),
  );
  const { unfinished } = await auditAtRest(instance, [], { withinMs: 0 });
  expect(unfinished).toMatchObject([{ invariant: "I1", subject: "pi_2" }]);
});

test("a dump of another shape is a fault that names its line", async () => {
  const instance = await serve((path) =>
    path.endsWith("orders") ? [...sale.orders, { orderId: 7 }] : page(path),
  );
  await expect(readDumps(instance)).rejects.toThrow(/dump\/orders, line 2, has another shape/);
});

test("a dump that cannot be read is a fault, never an empty dump", async () => {
  const instance = await serve((path) => (path.endsWith("stock") ? "broken" : page(path)));
  await expect(readDumps(instance)).rejects.toThrow(/dump\/stock answered 500: broken/);
});
