import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll } from "vitest";
import type { DeliveredEvent } from "../../schema/events.ts";
import type { DeliveryView, EndpointView } from "../../schema/webhook-endpoints.ts";
import { MERCHANT_KEY } from "../clients/storefront.ts";

type Answer = (response: ServerResponse) => void;

/** A merchant's own server: it writes down what it hears, and answers as it is told. */
export async function merchantServer() {
  const heard: {
    readonly id: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  }[] = [];
  let answer: Answer = (response) => response.end("thanks");
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      heard.push({ id: headers["webhook-id"] ?? "", headers, body });
      answer(response);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    answers: (next: Answer) => {
      answer = next;
    },
    /** The ids that it heard about one order, each try counted. */
    idsOf: (orderId: string) => heard.map(({ id }) => id).filter((id) => id.startsWith(orderId)),
    /** What it heard about one order, once each, its signature verified. */
    verified: (orderId: string, secret: string): DeliveredEvent[] => {
      const own = heard.filter(({ id }) => id.startsWith(orderId));
      const once = own.filter(({ id }, index) => own.findIndex((each) => each.id === id) === index);
      return once.map(
        ({ body, headers }) => new Webhook(secret).verify(body, headers) as DeliveredEvent,
      );
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The merchant's calls about webhooks, and an operator's about feeds. */
export function callsAt(url: string) {
  const call = async (apiKey: string, method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/v1${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  const endpoint = async (method: string, path: string, body?: unknown) =>
    (await call(MERCHANT_KEY, method, `/webhook-endpoints${path}`, body)).body as EndpointView;
  return {
    merchant: (method: string, path: string, body?: unknown) =>
      call(MERCHANT_KEY, method, path, body),
    operator: (method: string, path: string, body?: unknown) =>
      call("op_test_operator", method, `/ops${path}`, body),
    register: (target: string) => endpoint("POST", "", { url: target }),
    endpoint: (endpointId: string) => endpoint("GET", `/${endpointId}`),
    enable: (endpointId: string) => endpoint("POST", `/${endpointId}/enable`),
    deliveries: async (endpointId: string) => {
      const path = `/webhook-endpoints/${endpointId}/deliveries?region=eu&limit=100`;
      const { body } = await call(MERCHANT_KEY, "GET", path);
      return (body as { deliveries: DeliveryView[] }).deliveries;
    },
  };
}
