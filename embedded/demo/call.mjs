const WITHIN_MS = 10_000;

/** An answer that is not a yes. */
export class CallError extends Error {
  constructor(what, { status, text }) {
    super(`${what} was answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

/** Speaks JSON with one server: `call(method, path, body?)` answers what came back. */
export function jsonCaller(base, headers = {}) {
  return async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new CallError(`${method} ${path}`, { status: answer.status, text });
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** All items of a list of the hub, page by page. */
export async function allOf(call, path) {
  const items = [];
  const first = `${path}${path.includes('?') ? '&' : '?'}limit=200`;
  for (let after = ''; ;) {
    const page = await call('GET', `${first}${after && `&after=${encodeURIComponent(after)}`}`);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

/** Does `work` for every item, so many at a time. */
export async function forEach(items, most, work) {
  const waiting = [...items];
  const one = async () => {
    for (let item; (item = waiting.shift()) !== undefined;) await work(item);
  };
  await Promise.all(Array.from({ length: most }, one));
}
