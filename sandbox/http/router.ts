import type { Handler } from './call';

interface Pattern {
  method: string;
  segments: string[];
  handler: Handler;
}

export type Found =
  { kind: 'found'; handler: Handler; params: Record<string, string> } | { kind: 'method' } | { kind: 'none' };

/** Finds the handler of a method and a path. Fixed paths are one lookup; paths with `:names` are tried in turn. */
export class Router {
  private readonly fixed = new Map<string, Handler>();
  private readonly fixedPaths = new Set<string>();
  private readonly patterns: Pattern[] = [];

  add(method: string, path: string, handler: Handler): this {
    if (path.includes(':')) {
      this.patterns.push({ method, segments: path.split('/'), handler });
    } else {
      this.fixed.set(`${method} ${path}`, handler);
      this.fixedPaths.add(path);
    }
    return this;
  }

  find(method: string, path: string): Found {
    const handler = this.fixed.get(`${method} ${path}`);
    if (handler !== undefined) return { kind: 'found', handler, params: {} };
    const asked = path.split('/');
    let otherMethod = this.fixedPaths.has(path);
    for (const pattern of this.patterns) {
      const params = match(pattern.segments, asked);
      if (params === undefined) continue;
      if (pattern.method === method) return { kind: 'found', handler: pattern.handler, params };
      otherMethod = true;
    }
    return otherMethod ? { kind: 'method' } : { kind: 'none' };
  }
}

function match(segments: string[], asked: string[]): Record<string, string> | undefined {
  if (segments.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < segments.length; i += 1) {
    const segment = segments[i] ?? '';
    const given = asked[i] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== given) return undefined;
    } else {
      const value = decode(given);
      if (value === undefined || value === '') return undefined;
      params[segment.slice(1)] = value;
    }
  }
  return params;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
