import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { SHEET_TYPES } from '../platform/sheet';
import { ProblemDetailsView } from './border.schema';
import { HOLDS_SECRET } from './idempotency-interceptor';
import type { Role } from './principal';
import { Roles } from './roles';

/** What a route does, who may call it, and everything that it answers. */
export interface RouteSpec {
  readonly does: string;
  readonly roles: readonly Role[];
  /** The class of the answer; none for 204. */
  readonly view?: Type;
  /** The answer is a page of `view`. */
  readonly isList?: true;
  /** The good answers; 200 when it is left out. */
  readonly ok?: readonly number[];
  /** Refusals besides those that every such route has. */
  readonly refuses?: readonly number[];
  /** `read`: no body, no Idempotency-Key. */
  readonly effect: 'read' | 'write';
  /** Answers with `ETag`; a write takes `If-Match`. */
  readonly isVersioned?: true;
  readonly holdsSecret?: true;
  /** The body is a CSV or XLSX file. */
  readonly takesFile?: true;
  /** The answer is a CSV or XLSX file. */
  readonly answersFile?: true;
}

const FILE = { type: 'string', format: 'binary' } as const;
const FILE_CONTENT = Object.fromEntries(Object.values(SHEET_TYPES).map((type) => [type, { schema: FILE }]));

const EVERY = [401, 403, 404, 422, 429, 503];
const WRITES = [400, 409, 413, 415];

const SAYS: Readonly<Record<number, string>> = {
  200: 'Done, or as it is.',
  201: 'Made.',
  202: 'Begun in the background.',
  204: 'Done.',
  400: 'The request cannot be read.',
  401: 'No valid key.',
  403: 'The key has none of the roles.',
  404: "There is no such thing, or it is another seller's.",
  409: 'The state of things does not allow it.',
  412: 'It changed since it was read; `current` is what it is now.',
  413: 'The body is larger than 1 MiB, or a file than 20 MiB, or it unpacks to too much.',
  415: 'The body is not application/json, or no such file.',
  422: 'Faulty content; `errors` names every fault.',
  428: 'Name the version in If-Match.',
  429: 'The key calls too often, or sends several files at once; see Retry-After.',
  503: 'Not now; try again.',
};

/** Describes and guards a route. A route of the API without it stops the boot. */
export function Route(spec: RouteSpec): MethodDecorator {
  const isWrite = spec.effect === 'write';
  const refusals = [...EVERY, ...(isWrite ? WRITES : []), ...(spec.isVersioned && isWrite ? [412] : [])];
  const all = [...new Set([...refusals, ...(spec.refuses ?? [])])].sort((a, b) => a - b);
  return applyDecorators(
    Roles(...spec.roles),
    SetMetadata(HOLDS_SECRET, spec.holdsSecret === true),
    ApiOperation({ summary: spec.does }),
    ApiBearerAuth(),
    ApiExtension('x-roles', [...spec.roles]),
    ApiExtraModels(ProblemDetailsView, ...(spec.view ? [spec.view] : [])),
    ...(spec.takesFile ? [ApiConsumes(...Object.values(SHEET_TYPES)), ApiBody({ schema: FILE })] : []),
    ...headersOf(spec).map((header) => ApiHeader({ ...header, required: false })),
    ...(spec.ok ?? [200]).map((status) => good(status, spec)),
    ...all.map(refusal),
  );
}

function headersOf(spec: RouteSpec): { name: string; description: string }[] {
  const isWrite = spec.effect === 'write';
  return [
    { name: 'Sluice-Seller', description: 'The seller that the root key acts for.' },
    ...(isWrite
      ? [{ name: 'Idempotency-Key', description: 'The same key and body give the first answer again.' }]
      : []),
    ...(isWrite && spec.isVersioned
      ? [{ name: 'If-Match', description: 'The version that the write is based on.' }]
      : []),
  ];
}

function good(status: number, spec: RouteSpec): MethodDecorator {
  const description = SAYS[status] ?? 'Done.';
  const headers = spec.isVersioned && {
    headers: { ETag: { description: 'The version.', schema: { type: 'string' } } },
  };
  if (spec.answersFile) return ApiResponse({ status, description, content: FILE_CONTENT });
  if (status === 204 || spec.view === undefined) return ApiResponse({ status, description });
  const one = { $ref: getSchemaPath(spec.view) };
  const page = {
    type: 'object',
    required: ['items', 'next'],
    properties: { items: { type: 'array', items: one }, next: { type: 'string', nullable: true } },
  };
  return ApiResponse({ status, description, ...headers, schema: spec.isList ? page : one });
}

function refusal(status: number): MethodDecorator {
  const schema = { $ref: getSchemaPath(ProblemDetailsView) };
  return ApiResponse({
    status,
    description: SAYS[status] ?? 'Refused.',
    content: { 'application/problem+json': { schema } },
  });
}
