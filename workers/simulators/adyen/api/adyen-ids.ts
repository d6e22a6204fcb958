/** Ids in Adyen's form: 16 capital letters and digits. */

const CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const REFERENCE_LENGTH = 16;
const SECRET_LENGTH = 26;

function letters(length: number): string {
  let text = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
    text += CAPITALS[byte % CAPITALS.length];
  }
  return text;
}

export const newReference = (): string => letters(REFERENCE_LENGTH);
export const newSecret = (): string => letters(SECRET_LENGTH);

/** A page's id names its account, so that a shopper's browser and `/payments/details` need no other hint. */
export const newPageId = (account: string): string => `${account}~${newSecret()}`;

export function accountOfPage(pageId: string): string | null {
  return /^(\w{1,80})~/.exec(pageId)?.[1] ?? null;
}
