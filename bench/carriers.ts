import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const HOST = "127.0.0.1";

const rate = {
  ...{ serviceCode: "NL-STD", serviceName: "Standard" },
  totalCharge: { amount: "6.35", currency: "EUR" },
};
const shipment = {
  Service: { Code: "11", Description: "Air" },
  TotalCharges: { CurrencyCode: "EUR", MonetaryValue: "16.50" },
};
const answers: Readonly<Record<string, object>> = {
  northline: { rates: [rate] },
  kestrel: {
    RateResponse: { Response: { ResponseStatus: { Code: "1" } }, RatedShipment: [shipment] },
  },
  landpost: { currency: "EUR", prices: [{ product: "parcel", label: "Parcel", minor: 575 }] },
};

/** Three carriers over HTTP that answer every question after `delayMs`. */
export async function openCarriers(delayMs: number) {
  const server = createServer((request, response) => {
    const answer = JSON.stringify(answers[request.url?.split("/")[1] ?? ""] ?? {});
    setTimeout(() => response.setHeader("Content-Type", "application/json").end(answer), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { base: `http://${HOST}:${port}`, close };
}
