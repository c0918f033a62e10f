/**
 * Where the reference says NOT CONFIRMED, the sandbox can be told which reading to play.
 * The first value of each is the default.
 */
export interface ReadingChoices {
  /** Lazada: the top-level `quantity` of a sku is what may be sold, or the total. [L12 obs] against [L1 overview] */
  lazadaTopQuantity: 'sellable' | 'total';
  /** Lazada: offset of the instants in orders. [L11][L12] */
  lazadaOffset: '+0800' | '+0700';
  /** Lazada: the code of a write of which some rows failed; `detail` names them either way. [L13][L12 obs] */
  lazadaMixed: '0' | '501';
  /** Lazada: whether a refresh token that was used is good again. Not documented. */
  lazadaUsedRefresh: 'good' | 'dead';
  /** Lazada: HTTP status of a bad token or signature. Not documented. */
  lazadaAuthStatus: 200 | 401;
  /** Lazada: whether sellers may write the total by `price_quantity/update`, or get SELLER_NOT_PERMITTED. [L12 obs] */
  lazadaTotalWrites: 'allowed' | 'refused';
  /** Zalora: whether a new token leaves the older ones alive. Not documented. */
  zaloraTokens: 'many' | 'one';
  /** Lazada: a seller's cancellation for out of stock or a wrong price sets the sku's stock to 0 ("may"). [L3][L4] */
  lazadaCancelZeroes: boolean;
  /** Lazada: a `SalePrice` that is there but empty or 0 takes the sale off, or is ignored. Not documented. */
  lazadaEmptySale: 'clears' | 'ignored';
  /** Lazada: `SaleEndDate` is the last day of the sale, or the day at whose start it ends. Not documented. */
  lazadaSaleEnd: 'inclusive' | 'exclusive';
  /** Shopee: the stock that is written and read holds the promotion reserve, or lies beside it. [S6][S8] */
  shopeeReserve: 'inside' | 'beside';
  /** Shopee: HTTP status of a bad token or signature. [S6: nearly always 200] */
  shopeeAuthStatus: 200 | 403;
  /** Zalora: `OrderItemIds` as numbers and strings in turn, or only one of them. [Z1: description against sample] */
  zaloraItemIds: 'mixed' | 'numbers' | 'strings';
  /** Zalora: a written `quantity` holds the reserved items (buyers see the rest), or is what buyers see. [Z1 inf] */
  zaloraQuantity: 'gross' | 'net';
  /** Zalora: a product set is listed without its products, or with them. [Z1: without] */
  zaloraSetProducts: 'apart' | 'inside';
  /** Lazada and Shopee stop pushing to an address that fails too often. Documented, but off unless asked for. */
  autoDisable: boolean;
}

const DEFAULTS: Readonly<ReadingChoices> = {
  lazadaTopQuantity: 'sellable',
  lazadaOffset: '+0800',
  lazadaMixed: '0',
  lazadaUsedRefresh: 'good',
  lazadaAuthStatus: 200,
  lazadaTotalWrites: 'allowed',
  zaloraTokens: 'many',
  lazadaCancelZeroes: true,
  lazadaEmptySale: 'clears',
  lazadaSaleEnd: 'inclusive',
  shopeeReserve: 'inside',
  shopeeAuthStatus: 200,
  zaloraItemIds: 'mixed',
  zaloraQuantity: 'gross',
  zaloraSetProducts: 'apart',
  autoDisable: false,
};

const ALLOWED: { [K in keyof ReadingChoices]: readonly ReadingChoices[K][] } = {
  lazadaTopQuantity: ['sellable', 'total'],
  lazadaOffset: ['+0800', '+0700'],
  lazadaMixed: ['0', '501'],
  lazadaUsedRefresh: ['good', 'dead'],
  lazadaAuthStatus: [200, 401],
  lazadaTotalWrites: ['allowed', 'refused'],
  zaloraTokens: ['many', 'one'],
  lazadaCancelZeroes: [true, false],
  lazadaEmptySale: ['clears', 'ignored'],
  lazadaSaleEnd: ['inclusive', 'exclusive'],
  shopeeReserve: ['inside', 'beside'],
  shopeeAuthStatus: [200, 403],
  zaloraItemIds: ['mixed', 'numbers', 'strings'],
  zaloraQuantity: ['gross', 'net'],
  zaloraSetProducts: ['apart', 'inside'],
  autoDisable: [false, true],
};

export class Readings {
  choices: ReadingChoices = { ...DEFAULTS };

  reset(): void {
    this.choices = { ...DEFAULTS };
  }

  /** Takes what is good; answers what is not. */
  change(wanted: Record<string, unknown>): { path: string; message: string }[] {
    const errors: { path: string; message: string }[] = [];
    for (const [name, value] of Object.entries(wanted)) {
      const allowed = Object.hasOwn(ALLOWED, name)
        ? (ALLOWED[name as keyof ReadingChoices] as readonly unknown[])
        : undefined;
      if (allowed === undefined)
        errors.push({ path: name, message: `unknown; known are ${Object.keys(ALLOWED).join(', ')}` });
      else if (!allowed.includes(value)) errors.push({ path: name, message: `must be one of ${allowed.join(', ')}` });
    }
    if (errors.length === 0) this.choices = { ...this.choices, ...wanted };
    return errors;
  }
}
