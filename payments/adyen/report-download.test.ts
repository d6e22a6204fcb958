import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { downloadReport } from "./report-download.ts";

/** Where reports lie, and how this deployment is set up to call there. */
async function openHost(listener: RequestListener) {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { apiKey: "key", merchantAccount: "TestMerchant", hmacKeys: [] };
  const config = { apiBase: `${base}/checkout`, ...keys, severalCaptures: false };
  const report = { provider: "adyen", name: "x.csv", url: `${base}/reports/x.csv` } as const;
  return { config, report };
}

test("a report is fetched with our key from the host that is called anyway", async () => {
  const { config, report } = await openHost(({ headers }, response) =>
    response.end(`€ ${String(headers["x-api-key"])}`),
  );
  expect(await downloadReport(config, report)).toBe("€ key");
});

test("a report that leads elsewhere, or is none, is not read", async () => {
  const statuses = [302, 404, 401, 500];
  const { config, report } = await openHost((_request, response) => {
    response.writeHead(statuses.shift() ?? 200, { location: "http://127.0.0.1:1/" }).end();
  });
  for (const status of [...statuses]) {
    await expect(downloadReport(config, report)).rejects.toThrow(`answered ${status}`);
  }
});

test("a report that never ends is given up at 20 MB, whatever length it claims", async () => {
  const chunk = Buffer.alloc(1_000_000, "x");
  const { config, report } = await openHost((_request, response) => {
    const send = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", send);
    send();
  });
  await expect(downloadReport(config, report)).rejects.toThrow("larger than 20000000 bytes");
});
