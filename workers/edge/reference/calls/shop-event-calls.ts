const back = {
  specversion: "1.0",
  id: "demo/eu/lamp/0/back/1763978544815",
  source: "/shops/demo/regions/eu",
  type: "tender.stock.back.v1",
  subject: "lamp",
  time: "2026-11-24T10:02:24.815Z",
  datacontenttype: "application/json",
  shopid: "demo",
  region: "eu",
  data: { sku: "lamp", cell: 0, available: 48 },
};

const hour = { region: "eu", hour: "2026-11-24T10:00:00.000Z", checkouts: 112 };

/** The calls that tell what happened beside orders. They refuse nothing of their own. */
export const shopEventCalls = {
  "GET /v1/ops/shop-events": { answers: { 200: { events: [back] } } },
  "GET /v1/ops/abandoned": { answers: { 200: { hours: [hour] } } },
};
