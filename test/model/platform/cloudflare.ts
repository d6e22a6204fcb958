/** Stands in for `cloudflare:workers` and `cloudflare:sockets`: an object without its server. */
export class DurableObject<E> {
  protected readonly ctx: DurableObjectState;
  protected readonly env: E;

  constructor(ctx: DurableObjectState, env: E) {
    this.ctx = ctx;
    this.env = env;
  }
}

/** The modelled providers are never dialled. */
export function connect(): never {
  throw new Error("nobody is connected to in a model");
}
