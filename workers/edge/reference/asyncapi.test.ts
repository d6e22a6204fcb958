import { expect, test } from "vitest";
import { lifeOf, orderOf } from "../../../orders/testing/order-fixtures.ts";
import { DeliveredEvent, delivered, OrderEventType } from "../../../schema/events.ts";
import { app } from "../app.ts";
import { asyncApi, exampleEvent } from "./asyncapi.ts";

test("every type of event is a message of the document, and of its operation", async () => {
  const response = await app.request("/asyncapi.json");
  const document = (await response.json()) as ReturnType<typeof asyncApi>;
  expect(document.asyncapi).toBe("3.0.0");
  expect(Object.keys(document.components.messages)).toEqual(OrderEventType.options);
  expect(Object.keys(document.channels.orderEvents.messages)).toEqual(OrderEventType.options);
  expect(document.operations.sendOrderEvent.messages).toHaveLength(OrderEventType.options.length);
});

test("every reference within the document leads somewhere", () => {
  const document = asyncApi();
  const found = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  const paths = [...found].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(OrderEventType.options.length);
  for (const path of paths) {
    const target = path
      .split("/")
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
    expect(target, path).toBeDefined();
  }
});

test("the published schema asks for exactly the fields that an event has", () => {
  const { OrderEvent: schema } = asyncApi().components.schemas;
  const [event] = lifeOf(orderOf());
  expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual(Object.keys(event).toSorted());
  expect(schema.additionalProperties).toBe(false);
  expect(DeliveredEvent.parse(exampleEvent)).toMatchObject(exampleEvent);
  expect(DeliveredEvent.parse(delivered(event))).toMatchObject({ sequence: "0000000001" });
});

test("every message is said to come as CloudEvents' HTTP binding has it", () => {
  for (const { contentType, headers } of Object.values(asyncApi().components.messages)) {
    expect(contentType).toBe("application/cloudevents+json");
    expect(headers.properties["content-type"]).toEqual({ const: contentType });
  }
});

test("the page of events names every type, shows one, and loads nothing from elsewhere", async () => {
  const page = await (await app.request("/docs/events")).text();
  for (const type of OrderEventType.options) expect(page).toContain(`<code>${type}</code>`);
  expect(page).toContain(exampleEvent.id);
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
});
