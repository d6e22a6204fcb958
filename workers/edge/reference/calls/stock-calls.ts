import * as stock from "../examples/stock-examples.ts";
import type { CallNotes } from "./call-notes.ts";

/** The calls with which operators read and move stock. */
export const stockCalls: Readonly<Record<string, CallNotes>> = {
  "POST /v1/ops/stock": {
    body: stock.stockReceipt,
    answers: { 200: stock.stockLevels },
    refuses: ["movement_refused"],
  },
  "POST /v1/ops/stock/corrections": {
    body: stock.stockCorrection,
    answers: { 200: stock.stockLevels },
    refuses: ["movement_refused", "stock_promised", "not_found"],
  },
  "POST /v1/ops/stock/counts": {
    body: stock.stockCount,
    answers: { 200: stock.stockLevels },
    refuses: ["movement_refused", "stock_promised", "not_found"],
  },
  "POST /v1/ops/stock/moves": {
    body: stock.stockMove,
    answers: { 202: stock.stockMove },
    refuses: ["movement_refused", "not_enough_stock", "not_found"],
  },
  "POST /v1/ops/stock/cells": {
    body: stock.stockCells,
    answers: { 202: stock.stockCells },
  },
  "POST /v1/ops/stock/pools": {
    body: stock.stockPool,
    answers: { 200: stock.stockLedger },
  },
  "POST /v1/ops/stock/limits": {
    body: stock.stockLimits,
    answers: { 200: stock.stockLimits },
  },
  "POST /v1/ops/stock/last-resort": {
    body: stock.stockLastResort,
    answers: { 200: stock.stockLastResort },
  },
  "GET /v1/ops/stock/{region}/{sku}/cells": { answers: { 200: stock.stockCellLevels } },
  "GET /v1/ops/stock/{region}/{sku}/movements": { answers: { 200: stock.stockMovements } },
  "GET /v1/ops/stock-ledger/{sku}": { answers: { 200: stock.stockLedger } },
  "POST /v1/ops/stock-ledger/{sku}/reconcile": { answers: { 200: stock.stockLedger } },
  "GET /v1/ops/stock/{region}/{sku}": { answers: { 200: stock.stockLevels } },
};
