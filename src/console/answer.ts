/** What a route answers, where the body alone does not say it. */
export class Answer {
  constructor(
    readonly body: unknown,
    readonly more: {
      readonly status?: number;
      /** The version that the `ETag` tells. */
      readonly v?: number;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {}
}

export const made = (body: unknown, v?: number): Answer => new Answer(body, { status: 201, ...(v && { v }) });
export const versioned = (body: unknown, v: number): Answer => new Answer(body, { v });
export const nothing = (): Answer => new Answer(undefined, { status: 204 });
