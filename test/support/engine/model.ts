/** A collection in plain memory, for the part of MongoDB's semantics that the random operations use. */

export type Value = string | number | boolean | Date | null | Value[] | { [field: string]: Value };
export type Doc = { _id: string; [field: string]: Value };
export type Filter = Record<string, unknown>;
export type Sort = Record<string, 1 | -1>;
export type Update = { $set?: Record<string, Value>; $inc?: Record<string, number>; $unset?: Record<string, ''> };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function rankOf(value: Value | undefined): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
  if (typeof value === 'boolean') return 6;
  return value instanceof Date ? 7 : 4;
}

export function compare(a: Value | undefined, b: Value | undefined): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  if (a === undefined || a === null || b === undefined || b === null) return 0;
  const [x, y] = [a instanceof Date ? a.getTime() : a, b instanceof Date ? b.getTime() : b];
  return x < y ? -1 : x > y ? 1 : 0;
}

function read(doc: Doc, path: string): Value | undefined {
  let value: Value | undefined = doc;
  for (const step of path.split('.')) value = isObject(value) ? (value as Record<string, Value>)[step] : undefined;
  return value;
}

function fulfils(value: Value | undefined, operator: string, asked: unknown): boolean {
  if (operator === '$exists') return (value !== undefined) === asked;
  if (operator === '$ne') return !fulfils(value, '$eq', asked);
  if (operator === '$in') return (asked as Value[]).some((each) => fulfils(value, '$eq', each));
  if (Array.isArray(value)) return value.some((each) => fulfils(each, operator, asked));
  const bound = asked as Value;
  const order = compare(value, bound);
  if (operator === '$eq') return order === 0;
  if (rankOf(value) !== rankOf(bound)) return false;
  return operator === '$gt'
    ? order > 0
    : operator === '$gte'
      ? order >= 0
      : operator === '$lt'
        ? order < 0
        : order <= 0;
}

export function matches(doc: Doc, filter: Filter): boolean {
  return Object.entries(filter).every(([field, asked]) => {
    if (field === '$and') return (asked as Filter[]).every((each) => matches(doc, each));
    const operators = isObject(asked) ? asked : { $eq: asked };
    return Object.entries(operators).every(([operator, each]) => fulfils(read(doc, field), operator, each));
  });
}

function sortValue(value: Value | undefined, way: 1 | -1): { empty: boolean; value: Value | undefined } {
  if (!Array.isArray(value)) return { empty: false, value };
  const inOrder = [...value].sort((a, b) => way * compare(a, b));
  return { empty: inOrder.length === 0, value: inOrder[0] };
}

export function sorted(docs: readonly Doc[], sort: Sort): Doc[] {
  return [...docs].sort((a, b) => {
    for (const [field, way] of Object.entries(sort)) {
      const [x, y] = [sortValue(read(a, field), way), sortValue(read(b, field), way)];
      const order = x.empty || y.empty ? Number(y.empty) - Number(x.empty) : compare(x.value, y.value);
      if (order !== 0) return way * order;
    }
    return 0;
  });
}

/** One text for equal documents, whatever the order of their fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
    const own = this[key];
    if (own instanceof Date) return { $date: own.getTime() };
    return isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each;
  });
}

export class ModelCollection {
  private readonly docs = new Map<string, Doc>();

  find(filter: Filter): Doc[] {
    return [...this.docs.values()].filter((doc) => matches(doc, filter));
  }

  insert(doc: Doc): boolean {
    if (this.docs.has(doc._id)) return false;
    this.docs.set(doc._id, copy(doc));
    return true;
  }

  /** Whether the document is another one afterwards. */
  update(id: string, update: Update): boolean {
    const before = this.docs.get(id) ?? { _id: id };
    const after = copy(before);
    for (const [field, value] of Object.entries(update.$set ?? {})) write(after, field, value);
    for (const [field, by] of Object.entries(update.$inc ?? {}))
      write(after, field, Number(read(after, field) ?? 0) + by);
    const gone = Object.keys(update.$unset ?? {});
    this.docs.set(id, Object.fromEntries(Object.entries(after).filter(([field]) => !gone.includes(field))) as Doc);
    return canonical(before) !== canonical(this.docs.get(id));
  }

  replace(doc: Doc): void {
    this.docs.set(doc._id, copy(doc));
  }

  remove(id: string): void {
    this.docs.delete(id);
  }
}

/** Values are never changed in place, only embedded documents are. */
function copy<T extends Record<string, Value>>(doc: T): T {
  const fields = Object.entries(doc).map(([field, value]) => [
    field,
    isObject(value) ? copy(value as Record<string, Value>) : value,
  ]);
  return Object.fromEntries(fields) as T;
}

function write(doc: Doc, path: string, value: Value): void {
  const steps = path.split('.');
  let at: Record<string, Value> = doc;
  for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, Value>;
  at[steps.at(-1)!] = value;
}
