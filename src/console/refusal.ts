/** One fault of a request: where, as `items.0.sku`, and what. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** More that an answer may say. */
export interface RefusalMore {
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem details. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A refused request: an expected result, told as problem details. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    private readonly said: RefusalMore & { readonly detail: string },
  ) {
    super(said.detail);
  }

  get more(): RefusalMore {
    return this.said;
  }
}

/** Also for what is another seller's: exactly as if it did not exist. */
export const notFound = (): Refusal => new Refusal(404, 'not-found', { detail: 'There is no such thing.' });

export const faulty = (errors: readonly Fault[]): Refusal =>
  new Refusal(422, 'invalid', { detail: errors.map(({ message }) => message).join('; '), errors });

export const conflict = (code: string, detail: string, members?: Readonly<Record<string, unknown>>): Refusal =>
  new Refusal(409, code, { detail, ...(members && { members }) });

/** Somebody was first: the answer shows what is so now. */
export const stale = (current: { readonly v: number; readonly body: unknown }): Refusal =>
  new Refusal(412, 'stale', {
    detail: 'It changed since it was read.',
    headers: { etag: etagOf(current.v) },
    members: { current: current.body },
  });

export const etagOf = (v: number): string => `"${v}"`;
