import { Readable } from 'node:stream';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SHEET_FORMATS, SHEET_LIMITS, SHEET_TYPES, type SheetFormat } from '../platform/sheet';
import { Refusal } from './refusal';

/** A table that came as a body. */
export class SentFile {
  constructor(
    readonly format: SheetFormat,
    readonly bytes: Buffer,
  ) {}
}

/** Reads the file that is the body: only once the caller is known, and no further than it may be long. */
@Injectable()
export class TakeFileGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const format = SHEET_FORMATS.find((each) => request.headers['content-type']?.startsWith(SHEET_TYPES[each]));
    if (format === undefined || !(request.body instanceof Readable)) throw otherType();
    request.body = new SentFile(format, await bytesOf(request.body));
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

/** The rest is let go by: who is still sending hears nothing before it has sent all. */
function tooLarge(body: Readable): Refusal {
  body.resume();
  return new Refusal(413, 'too-large', { detail: 'The file is larger than 20 MiB.' });
}
