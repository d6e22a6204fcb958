/** What the reference shows of stock. A test parses each against the schema of its call. */

export const stockReceipt = { region: "eu", sku: "mug", quantity: 48, movementId: "delivery-1042" };
export const stockCorrection = { ...stockReceipt, quantity: -2, movementId: "stock-take-2026-11" };
export const stockLevels = { received: 120, available: 97, held: 3, allocated: 20, gone: 0 };

export const stockCount = {
  region: "eu",
  sku: "mug",
  cell: 0,
  counted: 118,
  movementId: "stock-take-2026-11-eu",
};
export const stockMove = {
  sku: "mug",
  from: { region: "eu", cell: 0 },
  to: { region: "us", cell: 0 },
  quantity: 40,
  movementId: "truck-77",
};
export const stockCells = { region: "eu", sku: "mug", cells: 4 };
export const stockPool = { sku: "mug", pooled: true };
export const stockLimits = { region: "eu", sku: "mug", shopperMax: 2, unpaidMaxPercent: 60 };
export const stockLastResort = { region: "us", sku: "mug", from: "sam" };

const movements = {
  ...{ receipts: 160, corrections: 0, transfersIn: 0, transfersOut: 40 },
  ...{ held: 3, allocated: 20, gone: 0 },
};
export const stockCellLevels = { cells: [{ cell: 0, ...stockLevels, movements }] };

export const stockMovements = {
  movements: [
    {
      token: "chk_eu_4j7q0w1nqk6cz7h9v2t8xb5dme/allocate/1",
      kind: "allocate",
      cell: 0,
      at: "2026-11-23T10:02:24.813Z",
      checkoutId: "chk_eu_4j7q0w1nqk6cz7h9v2t8xb5dme",
      ...{ received: 0, held: -2, allocated: 2, gone: 0 },
    },
    {
      token: "delivery-1042",
      kind: "receipt",
      cell: 0,
      at: "2026-11-22T08:00:00.000Z",
      ...{ received: 48, held: 0, allocated: 0, gone: 0 },
    },
  ],
};

export const stockLedger = {
  home: "eu",
  pooled: true,
  leases: [
    { region: "eu", cell: 0, leased: 120 },
    { region: "us", cell: 0, leased: 60 },
  ],
  inTransit: [
    {
      token: "truck-77",
      from: stockMove.from,
      to: stockMove.to,
      quantity: 40,
      at: "2026-11-23T09:30:00.000Z",
    },
  ],
  drifts: [],
};
