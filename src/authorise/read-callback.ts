/** What a channel's redirect says, as far as the hub looks at it. */
export type CallbackRead =
  | { readonly kind: 'answer'; readonly state: string; readonly query: Readonly<Record<string, string>> }
  /** The seller, or the channel for him, said no. */
  | { readonly kind: 'denied'; readonly state: string }
  | { readonly kind: 'unreadable' };

/** 256 random bits in base64url. */
const STATE = /^[A-Za-z0-9_-]{43}$/;
const MOST_FIELDS = 20;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 2048;

/** Reads the query of a callback: each field once, all of them bounded. */
export function readCallback(query: Readonly<Record<string, unknown>>): CallbackRead {
  const fields = Object.entries(query);
  if (fields.length > MOST_FIELDS || !fields.every(isBounded)) return { kind: 'unreadable' };
  const { state = '', ...rest } = Object.fromEntries(fields) as Record<string, string>;
  if (!STATE.test(state)) return { kind: 'unreadable' };
  return rest['error'] === undefined ? { kind: 'answer', state, query: rest } : { kind: 'denied', state };
}

const isBounded = ([name, value]: readonly [string, unknown]): boolean =>
  name.length <= LONGEST_NAME && typeof value === 'string' && value.length <= LONGEST_VALUE;
