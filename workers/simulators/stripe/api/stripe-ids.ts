/** Ids in Stripe's form: a prefix and 24 letters and digits. */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 24;
const REQUEST_ID_LENGTH = 14;

function letters(length: number): string {
  let text = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
    text += ALPHABET[byte % ALPHABET.length];
  }
  return text;
}

export function newId(prefix: string): string {
  return `${prefix}_${letters(ID_LENGTH)}`;
}

export function newRequestId(): string {
  return `req_${letters(REQUEST_ID_LENGTH)}`;
}
