/** Adyen's errors. Source: https://docs.adyen.com/development-resources/error-codes */

export interface ApiError {
  readonly status: number;
  readonly errorCode: string;
  readonly errorType: "validation" | "security" | "internal" | "configuration";
  readonly message: string;
  /** The `transient-error` header: whether the same request may come again with the same key. */
  readonly transient?: boolean;
}

export function isError(value: object): value is ApiError {
  return "errorCode" in value;
}

export const invalid = (errorCode: string, message: string): ApiError => ({
  status: 422,
  errorCode,
  errorType: "validation",
  message,
});

/** Not JSON, or JSON of another shape. */
export const malformed = (message: string): ApiError => ({
  ...invalid("702", message),
  status: 400,
});

const security = (status: number, errorCode: string, message: string): ApiError => ({
  status,
  errorCode,
  errorType: "security",
  message,
});

export const noCredentials = security(401, "000", "HTTP Status Response - Unauthorized");
export const noSuchAccount = security(403, "901", "Invalid Merchant Account");
export const rawCardData = security(403, "010", "Not allowed");
export const unknownOriginal = invalid("167", "Original pspReference required for this operation");

export const keyInUse: ApiError = {
  ...invalid("704", "request already processed or in progress"),
  transient: true,
};
export const keyReused: ApiError = { ...keyInUse, transient: false };

export const rateLimited: ApiError = {
  status: 429,
  errorCode: "905_4",
  errorType: "configuration",
  message: "Too many requests",
};

export const serverError: ApiError = {
  status: 500,
  errorCode: "901",
  errorType: "internal",
  message: "An unexpected error has occurred",
};

export const unknownRoute = (path: string): ApiError => ({
  status: 404,
  errorCode: "000",
  errorType: "validation",
  message: `No such resource: ${path}`,
});
