/**
 * The `payload` field of a product call: XML, or JSON of the same tree. [L5 doc]
 * An element becomes an object of its children (or its text); elements of one name become a list.
 */
export type Tree = string | { [name: string]: Tree | Tree[] };

export function readPayload(text: string): Tree | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return trimmed.startsWith('<') ? readXml(trimmed) : readJson(trimmed);
}

function readJson(text: string): Tree | undefined {
  try {
    return plain(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function plain(value: unknown): Tree | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return undefined;
  const tree: { [name: string]: Tree | Tree[] } = {};
  for (const [name, child] of Object.entries(value)) {
    if (Array.isArray(child)) tree[name] = child.map(plain).filter((item) => item !== undefined);
    else {
      const read = plain(child);
      if (read !== undefined) tree[name] = read;
    }
  }
  return tree;
}

const TOKEN = /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)([^<>]*?)(\/?)>|([^<]+)/y;

interface Open {
  name: string;
  text: string;
  children: { [name: string]: Tree | Tree[] };
}

/** A small XML reader: elements, text, CDATA and the five entities; attributes are skipped. Undefined when broken. */
function readXml(text: string): Tree | undefined {
  const stack: Open[] = [{ name: '', text: '', children: {} }];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null || stack.length > 32) return undefined;
    if (!take(stack, found)) return undefined;
  }
  return stack.length === 1 ? stack[0]?.children : undefined;
}

function take(stack: Open[], [, cdata, slash, name, , empty, chars]: RegExpExecArray): boolean {
  const top = stack[stack.length - 1] as Open;
  if (cdata !== undefined) top.text += cdata;
  else if (chars !== undefined) top.text += unescapeXml(chars);
  else if (name !== undefined && slash === '/') {
    if (top.name !== name || stack.length === 1) return false;
    stack.pop();
    attach(stack[stack.length - 1] as Open, name, valueOf(top));
  } else if (name !== undefined && empty === '/') attach(top, name, '');
  else if (name !== undefined) stack.push({ name, text: '', children: {} });
  return true;
}

function valueOf(element: Open): Tree {
  return Object.keys(element.children).length > 0 ? element.children : element.text.trim();
}

function attach(parent: Open, name: string, value: Tree): void {
  if (name === '__proto__') return;
  const before = parent.children[name];
  if (before === undefined) parent.children[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else parent.children[name] = [before, value];
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x') || name.startsWith('#X')) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

/** The children at the end of a path, always as a list. */
export function listAt(tree: Tree | undefined, path: string[]): Tree[] {
  let level: Tree[] = tree === undefined ? [] : [tree];
  for (const name of path) {
    level = level.flatMap((node) => {
      const child = typeof node === 'string' || !Object.hasOwn(node, name) ? undefined : node[name];
      if (child === undefined) return [];
      return Array.isArray(child) ? child : [child];
    });
  }
  return level;
}

export function textAt(tree: Tree, name: string): string | undefined {
  if (typeof tree === 'string' || !Object.hasOwn(tree, name)) return undefined;
  const value = tree[name];
  return typeof value === 'string' ? value : undefined;
}
