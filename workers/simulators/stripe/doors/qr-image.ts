/** A QR code as a picture. */

import { crc32, deflateSync } from "node:zlib";
import { encode, renderSVG } from "uqr";

const PIXELS_PER_MODULE = 8;
const QUIET_MODULES = 4; // the white that a reader needs around a code
const DEPTH_GREY_8: readonly number[] = [8, 0, 0, 0, 0]; // bit depth, grey, and PNG's three fixed methods
const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Grey, one byte per pixel, every row led by its filter. Source: https://www.w3.org/TR/png-3/ */
export function qrPng(text: string): Uint8Array<ArrayBuffer> {
  const { data, size } = encode(text, { border: QUIET_MODULES });
  const width = size * PIXELS_PER_MODULE;
  const rows = data.flatMap((modules) => {
    const row = Buffer.alloc(width + 1);
    for (const [x, isDark] of modules.entries()) {
      const start = 1 + x * PIXELS_PER_MODULE;
      row.fill(isDark ? 0 : 255, start, start + PIXELS_PER_MODULE);
    }
    return Array.from({ length: PIXELS_PER_MODULE }, () => row);
  });
  const header = Buffer.alloc(8);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  const png = Buffer.concat([
    SIGNATURE,
    chunk("IHDR", Buffer.concat([header, Uint8Array.from(DEPTH_GREY_8)])),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", new Uint8Array()),
  ]);
  return new Uint8Array(png);
}

export function qrSvg(text: string): string {
  return renderSVG(text, { border: QUIET_MODULES });
}
