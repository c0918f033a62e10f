import { Readable } from 'node:stream';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SHEET_FORMATS, SHEET_LIMITS, SHEET_TYPES, type SheetFormat } from '../platform/sheet';
import { principalOf, sellerCallOf, type KnownRequest, type SellerCall } from './principal';
import { Refusal } from './refusal';

/** Files that are in memory at a time in this process, of different sellers. */
const MOST_AT_ONCE = 16;

/** A table that came as a body. */
export class SentFile {
  constructor(
    readonly format: SheetFormat,
    readonly bytes: Buffer,
  ) {}
}

/** A call for a seller, with the file that came with it. */
export interface FileCall extends SellerCall {
  readonly file: SentFile;
}

/** The caller and its file, as the guard took it. */
export const FileCaller = createParamDecorator((_: unknown, context: ExecutionContext): FileCall => {
  const { body } = context.switchToHttp().getRequest<KnownRequest>();
  return { ...sellerCallOf(context), file: body as SentFile };
});

/**
 * Reads the file that is the body: only once the caller is known, and no further than it may be long. A seller sends one
 * at a time, so that nobody's files fill the memory or keep another's out.
 */
@Injectable()
export class TakeFileGuard implements CanActivate {
  private readonly taking = new Map<string, KnownRequest>();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<KnownRequest>();
    const format = SHEET_FORMATS.find((each) => request.headers['content-type']?.startsWith(SHEET_TYPES[each]));
    const { body } = request;
    if (format === undefined || !(body instanceof Readable)) throw otherType();
    if (!this.isAdmitted(request, http.getResponse<FastifyReply>())) throw oneAtATime(body);
    request.body = new SentFile(format, await bytesOf(body));
    return true;
  }

  /** Until the call is answered, or cut. */
  private isAdmitted(request: KnownRequest, { raw }: FastifyReply): boolean {
    const { seller = '' } = principalOf(request);
    if (this.taking.has(seller) || this.taking.size >= MOST_AT_ONCE) return false;
    this.taking.set(seller, request);
    const leave = (): void => {
      if (this.taking.get(seller) === request) this.taking.delete(seller);
    };
    raw.once('finish', leave).once('close', leave);
    return true;
  }
}

async function bytesOf(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of unlessCut(body)) {
    length += piece.length;
    if (length > SHEET_LIMITS.bytes) throw tooLarge(body);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* unlessCut(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw new Refusal(400, 'bad-request', { detail: 'The file did not arrive whole.' });
  }
}

const otherType = (): Refusal =>
  new Refusal(415, 'media-type', { detail: `Send ${Object.values(SHEET_TYPES).join(' or ')}.` });

/** Its file is let go by: who is still sending hears nothing before it has sent all. */
function oneAtATime(body: Readable): Refusal {
  body.resume();
  const detail = 'Other files are being read; send one at a time.';
  return new Refusal(429, 'too-many', { detail, headers: { 'retry-after': '1' } });
}

/** The rest is let go by. */
function tooLarge(body: Readable): Refusal {
  body.resume();
  return new Refusal(413, 'too-large', { detail: 'The file is larger than 20 MiB.' });
}
