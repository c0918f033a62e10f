import { Chance } from '../chance';

/** Misbehaviour that only Shopee has; everything off by default. Rates are 0 to 1. */
export interface Quirks {
  /** This part of the calls answers `errorCode` before it does anything. */
  errorCodeRate: number;
  errorCode: string;
  /** Only calls whose path holds this text meet it; empty: all. */
  errorCodePath: string;
  /** This part of the failures carries its code with a module in front. [S9] */
  prefixRate: number;
  /** How a bad access token is called. [S13 and many clients] */
  tokenError: 'invalid_acceess_token' | 'invalid_access_token' | 'error_auth';
  /** Ids come as texts in answers and pushes, and `data` of a push as a JSON text. [S2][S14] */
  textIds: boolean;
  /** So many refreshes happen and are not answered. */
  refreshAnswersLost: number;
}

export const NO_QUIRKS: Readonly<Quirks> = {
  errorCodeRate: 0,
  errorCode: 'error_rate_limit',
  errorCodePath: '',
  prefixRate: 0,
  tokenError: 'invalid_acceess_token',
  textIds: false,
  refreshAnswersLost: 0,
};

/**
 * Codes as they are on the wire: throttling and passing trouble, then what waiting does not mend.
 * [S6 doc][S9][S10][S12 obs]
 */
export const ERROR_CODES = [
  'error_rate_limit',
  'error_busy',
  'error_system_busy',
  'error_inner',
  'product.exceed_shop_api',
  'product.exceed_partner_api',
  'order.exceed_shop_api',
  'order.exceed_partner_api',
  'common.exceed_api',
  'error_limit',
  'order.error_limit',
  'error_partner_key_expired',
  'source_ip_undeclared',
  'shop_banned',
  'product.error_item_not_belong_shop',
  'product.error_wms_shop_block_upate_stock',
  'product.error_seller_under_penalty',
  'product.error_perm_non_admin',
  'product.error_promotion_cantnot_update_stock',
  'product.error_model_update_stock_model_in_promotion',
  'product.error_in_item_promotion_nomodel_to_models',
] as const;

export class QuirkBoard {
  choices: Quirks = { ...NO_QUIRKS };
  chance = new Chance();

  reset(): void {
    this.choices = { ...NO_QUIRKS };
  }

  set(choices: Quirks, seed?: number): void {
    this.choices = { ...choices };
    if (seed !== undefined) this.chance = new Chance(seed);
  }

  /** The code that a call to this path answers instead of being served, if it meets one. */
  codeInstead(path: string): string | undefined {
    const { errorCode, errorCodePath, errorCodeRate } = this.choices;
    return path.includes(errorCodePath) && this.chance.happens(errorCodeRate) ? errorCode : undefined;
  }

  losesRefreshAnswer(): boolean {
    if (this.choices.refreshAnswersLost <= 0) return false;
    this.choices.refreshAnswersLost -= 1;
    return true;
  }

  /** A code as it goes out: sometimes with one module in front. */
  spelt(code: string, module: string): string {
    if (code === '' || code === '-' || code.includes('.')) return code;
    return this.chance.happens(this.choices.prefixRate) ? `${module}.${code}` : code;
  }
}
