import type { ShareDifference, StockDifference, Want } from '../domain';

/** Something that differs from what it should be. */
export interface AuditFinding {
  readonly sku: string;
  /** Whose share differs; absent where it is the position. */
  readonly order?: string;
  /** In what, in sentences. */
  readonly what: readonly string[];
  readonly isMended: boolean;
}

/** What an audit of the ledger has to say: how much it looked at, and the first differences. */
export interface StockAuditReport {
  readonly orders: number;
  readonly skus: number;
  readonly differences: number;
  readonly mended: number;
  readonly findings: readonly AuditFinding[];
}

/** Most differences that a report names. */
const MOST_NAMED = 100;

export const EMPTY_REPORT: StockAuditReport = { orders: 0, skus: 0, differences: 0, mended: 0, findings: [] };

/** The report with another page. Where not all can be named, those that wait for a person are. */
export function withFindings(
  report: StockAuditReport,
  page: { readonly orders?: number; readonly skus?: number; readonly findings: readonly AuditFinding[] },
): StockAuditReport {
  const findings = [...report.findings, ...page.findings];
  return {
    orders: report.orders + (page.orders ?? 0),
    skus: report.skus + (page.skus ?? 0),
    differences: report.differences + page.findings.length,
    mended: report.mended + page.findings.filter(({ isMended }) => isMended).length,
    findings: [...findings].sort((one, other) => Number(one.isMended) - Number(other.isMended)).slice(0, MOST_NAMED),
  };
}

const textOf = (value: unknown): string => JSON.stringify(value ?? null);

/** A difference of a position in a sentence. */
export function tellDifference(difference: StockDifference): string {
  switch (difference.kind) {
    case 'number':
      return `${difference.name} is ${textOf(difference.is)}, by its moves it is ${textOf(difference.right)}`;
    case 'quota': {
      const { quota, is, right } = difference;
      return `quota ${quota} has ${is?.remaining ?? 'nothing'} left (${is?.lost ?? 0} lost), by its moves ${right?.remaining ?? 'nothing'} (${right?.lost ?? 0} lost)`;
    }
    case 'gap':
      return `before version ${difference.v} no move tells of ${difference.onHand} on hand and ${difference.committed} committed: one is missing`;
    case 'double':
      return `move ${difference.move} was applied twice, again at version ${difference.v}`;
  }
}

/** A difference of an order's share in a sentence. */
export function tellShare({ wanted, held }: ShareDifference): string {
  const told = (share: Want): string => `${share.held} units, ${share.shipped} shipped, ${share.restocked} back`;
  return `the order asks for ${told(wanted)}; ${held === undefined ? 'it has no move' : `its newest move holds ${told(held)}`}`;
}

/** The first findings in words. */
export const inWords = ({ findings }: StockAuditReport): string =>
  findings
    .slice(0, 10)
    .map(({ sku, order, what }) => `${order === undefined ? sku : `${order} on ${sku}`}: ${what.join(', ')}`)
    .join('; ');
