/** Adyen's client component encrypts; in test environments it may send this prefix and digits. */
const TEST_VALUE = /^test_\d{1,19}$/;

/**
 * A card as the guard looks at it: without the test value of the encrypted card number, which only
 * a test account takes. It passes through and is stored nowhere, like any encrypted one. A live
 * account's component always encrypts: there nothing is exempt.
 *
 * Source: https://docs.adyen.com/development-resources/testing/test-card-numbers
 */
export function withoutTestCard(
  { ADYEN_LIVE_PREFIX }: { readonly ADYEN_LIVE_PREFIX?: string },
  card: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (ADYEN_LIVE_PREFIX !== "" || !TEST_VALUE.test(String(card.encryptedCardNumber))) return card;
  const { encryptedCardNumber: _number, ...looked } = card;
  return looked;
}
