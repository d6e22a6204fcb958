/** What a shopper's phone reads. */

import { createDynamicPix } from "pix-utils";

/** A BR Code of a charge that waits at the bank, as Pix has it. Throws when the library refuses its own input. */
export function pixCode(host: string, pageId: string): string {
  const location = `${host}/pix/${pageId.slice(-26)}`;
  return createDynamicPix({ merchantName: "Tender", merchantCity: "Sao Paulo", url: location })
    .throwIfError()
    .toBRCode();
}

const PAISE = 100;

/** Source: NPCI, UPI Linking Specifications: https://www.npci.org.in/PDF/npci/upi/circular/2017/Circular18_BankCompliances_to_enable_UPI_merchant_ecosystem_0.pdf */
export function upiCode(amount: number, reference: string): string {
  const query = new URLSearchParams({
    pa: "tender@testbank",
    pn: "Tender",
    tr: reference,
    am: (amount / PAISE).toFixed(2),
    cu: "INR",
  });
  return `upi://pay?${query}`;
}
