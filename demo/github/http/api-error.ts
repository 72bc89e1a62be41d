/** An answer other than success, in GitHub's form. Thrown anywhere below a route. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, extra: ApiErrorExtra = {}) {
    super(message);
    this.status = status;
    this.headers = extra.headers ?? {};
    const errors = extra.errors === undefined ? {} : { errors: extra.errors };
    this.body = {
      message,
      ...errors,
      documentation_url: "https://docs.github.com/rest",
      status: String(status),
    };
  }
}

export interface ApiErrorExtra {
  readonly errors?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
}

export const notFound = () => new ApiError(404, "Not Found");

/** 422 that names one field, as GitHub's validation does. */
export function invalid(resource: string, field: string, message: string): ApiError {
  return new ApiError(422, "Validation Failed", { errors: [{ resource, field, code: "custom", message }] });
}

/** 422 that is one plain sentence. */
export const unprocessable = (message: string) => new ApiError(422, message);
