/** The closed objects of the Checkout API, v72: every field there is, with its kind. Source: test/specs/adyen-checkout-v72.reduced.json. */

/** A field's kind: a primitive, `array`, `object` (not looked into), a name of this table, or a list of one: `Name[]`. */
export const fields = {
  PaymentMethodsRequest: {
    object: "additionalData order",
    array: "allowedPaymentMethods blockedPaymentMethods",
    Amount: "amount",
    BrowserInfo: "browserInfo",
    string:
      "channel countryCode merchantAccount shopperConversionId shopperEmail shopperIP shopperLocale shopperReference store storeFiltrationMode telephoneNumber",
    boolean: "splitCardFundingSources",
  },
  PaymentRequest: {
    object:
      "accountInfo additionalData bankAccount dccQuote enhancedSchemeData fundOrigin fundRecipient installments localizedShopperStatement mandate merchantRiskIndicator metadata mpiData order paymentMethod paymentValidations platformChargebackLogic riskData shopperTaxInfo surcharge threeDS2RequestData",
    Amount: "additionalAmount amount",
    ApplicationInfo: "applicationInfo",
    AuthenticationData: "authenticationData",
    BillingAddress: "billingAddress",
    BrowserInfo: "browserInfo",
    integer: "captureDelayHours fraudOffset",
    string:
      "channel checkoutAttemptId countryCode dateOfBirth deliverAt deliveryDate deviceFingerprint entityType industryUsage mcc merchantAccount merchantOrderReference orderReference origin recurringExpiry recurringFrequency recurringProcessingModel redirectFromIssuerMethod redirectToIssuerMethod reference returnUrl sessionValidity shopperConversionId shopperEmail shopperIP shopperInteraction shopperLocale shopperReference shopperStatement socialSecurityNumber store telephoneNumber",
    Company: "company",
    DeliveryAddress: "deliveryAddress",
    boolean:
      "enableOneClick enablePayOut enableRecurring storePaymentMethod threeDSAuthenticationOnly trustedShopper",
    "LineItem[]": "lineItems",
    ShopperName: "shopperName",
    array: "splits subMerchants",
  },
  PaymentDetailsRequest: {
    object: "authenticationData",
    PaymentCompletionDetails: "details",
    string: "paymentData",
    boolean: "threeDSAuthenticationOnly",
  },
  PaymentCaptureRequest: {
    Amount: "amount",
    ApplicationInfo: "applicationInfo",
    object: "enhancedSchemeData platformChargebackLogic",
    "LineItem[]": "lineItems",
    string: "merchantAccount reference",
    array: "splits subMerchants",
  },
  PaymentCancelRequest: {
    ApplicationInfo: "applicationInfo",
    string: "merchantAccount reference",
  },
  StandalonePaymentCancelRequest: {
    ApplicationInfo: "applicationInfo",
    string: "merchantAccount paymentReference reference",
  },
  PaymentRefundRequest: {
    Amount: "amount",
    ApplicationInfo: "applicationInfo",
    string: "capturePspReference merchantAccount merchantRefundReason reference store",
    object: "enhancedSchemeData",
    "LineItem[]": "lineItems",
    array: "splits",
  },
  PaymentReversalRequest: {
    ApplicationInfo: "applicationInfo",
    string: "merchantAccount reference",
  },
  PaymentAmountUpdateRequest: {
    string: "adjustAuthType adjustAuthorisationData industryUsage merchantAccount reference",
    Amount: "amount",
    ApplicationInfo: "applicationInfo",
    "LineItem[]": "lineItems",
    object: "mpiData",
    array: "splits",
  },
  CardDetails: {
    string:
      "billingSequenceNumber brand checkoutAttemptId cupsecureplus.smscode cvc encryptedCard encryptedCardNumber encryptedExpiryMonth encryptedExpiryYear encryptedPassword encryptedSecurityCode expiryMonth expiryYear fastlaneData fundingSource holderName networkPaymentReference number recurringDetailReference sdkData shopperNotificationReference srcCorrelationId srcDigitalCardId srcScheme srcTokenReference storedPaymentMethodId threeDS2SdkVersion type",
  },
  IdealDetails: {
    string: "checkoutAttemptId issuer recurringDetailReference sdkData storedPaymentMethodId type",
  },
  PaymentDetails: { string: "checkoutAttemptId sdkData type" },
  PixDetails: {
    string: "checkoutAttemptId recurringDetailReference sdkData storedPaymentMethodId type",
    object: "pixRecurring",
  },
  UpiIntentDetails: {
    string:
      "appId billingSequenceNumber checkoutAttemptId recurringDetailReference sdkData shopperNotificationReference storedPaymentMethodId type",
  },
  UpiQrDetails: {
    string:
      "billingSequenceNumber checkoutAttemptId recurringDetailReference sdkData shopperNotificationReference storedPaymentMethodId type",
  },
  Amount: {
    string: "currency",
    integer: "value",
  },
  ShopperName: {
    string: "firstName lastName",
  },
  BillingAddress: {
    string: "city country houseNumberOrName postalCode stateOrProvince street",
  },
  DeliveryAddress: {
    string: "city country firstName houseNumberOrName lastName postalCode stateOrProvince street",
  },
  BrowserInfo: {
    string: "acceptHeader language userAgent",
    integer: "colorDepth screenHeight screenWidth timeZoneOffset",
    boolean: "javaEnabled javaScriptEnabled",
  },
  AuthenticationData: {
    string: "attemptAuthentication",
    boolean: "authenticationOnly",
    object: "threeDSRequestData",
  },
  ApplicationInfo: {
    object:
      "adyenLibrary adyenPaymentSource externalPlatform merchantApplication merchantDevice shopperInteractionDevice",
  },
  LineItem: {
    integer: "amountExcludingTax amountIncludingTax quantity taxAmount taxPercentage",
    string:
      "brand color description id imageUrl itemCategory manufacturer marketplaceSellerId productUrl receiverEmail size sku upc",
  },
  PaymentCompletionDetails: {
    string:
      "MD PaReq PaRes authorization_token billingToken cupsecureplus.smscode facilitatorAccessToken oneTimePasscode orderID payerID payload paymentID paymentStatus redirectResult resultCode returnUrlQueryString threeDSResult threeds2.challengeResult threeds2.fingerprint vaultToken",
  },
  Company: {
    string: "homepage name registrationNumber registryLocation taxId type",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
