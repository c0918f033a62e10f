import { randomBytes } from 'node:crypto';
import type { App } from '../shop';
import { faceOfApp, keepBounded, type AccountGrant } from './faces';

/** 4 hours, 30 days and 10 minutes. [S1 doc] */
export const ACCESS_LIFE_S = 14_400;
const REFRESH_LIFE_MS = 30 * 86_400_000;
const CODE_LIFE_MS = 600_000;

export interface Pair {
  access: string;
  refresh: string;
}

/** A consent code of the app's main account: once, for 10 minutes. [S1 doc] */
export function issueMainCode(app: App): string {
  const code = randomBytes(16).toString('hex');
  keepBounded(faceOfApp(app).codes, code, Date.now() + CODE_LIFE_MS);
  return code;
}

/** Whether the code was the main account's and still good; it is spent by asking. */
export function spendMainCode(app: App, code: string): boolean {
  const { codes } = faceOfApp(app);
  const endsMs = codes.get(code);
  codes.delete(code);
  return endsMs !== undefined && endsMs > Date.now();
}

/** A pair that belongs to the main account or to the merchant. */
export function grantAccount(app: App, kind: AccountGrant['kind']): Pair {
  const face = faceOfApp(app);
  const now = Date.now();
  const pair = { access: randomBytes(20).toString('hex'), refresh: randomBytes(20).toString('hex') };
  const grant: AccountGrant = {
    kind,
    accessEndsMs: now + ACCESS_LIFE_S * 1000,
    refreshEndsMs: now + REFRESH_LIFE_MS,
    spentFor: new Set(),
  };
  keepBounded(face.byAccess, pair.access, grant);
  keepBounded(face.byRefresh, pair.refresh, grant);
  return pair;
}

/** The main account's first token speaks for each of its shops; a merchant's for none of them. [S13 obs] */
export function mainHolds(app: App, token: string): boolean {
  const grant = faceOfApp(app).byAccess.get(token);
  return grant?.kind === 'main' && grant.accessEndsMs > Date.now();
}

/**
 * Spends an account's refresh token for one shop or merchant: the main account's works once for each of them
 * [S1 doc], a merchant's once.
 */
export function spendAccountRefresh(app: App, token: string, purpose: string): 'good' | 'expired' | 'bad' {
  const grant = faceOfApp(app).byRefresh.get(token);
  if (grant === undefined || (grant.kind === 'merchant' && purpose.startsWith('shop '))) return 'bad';
  if (grant.refreshEndsMs <= Date.now()) return 'expired';
  if (grant.spentFor.has(purpose)) return 'bad';
  grant.spentFor.add(purpose);
  return 'good';
}
