import { formatMoney, type Money } from '../domain';

/** Money as programs outside write it: exactly the currency's digits. */
export interface MoneyText {
  readonly amount: string;
  readonly currency: string;
}

export const moneyText = (money: Money): MoneyText => ({ amount: formatMoney(money), currency: money.currency });

/** ISO 8601, UTC, milliseconds. */
export const instantText = (ms: number): string => new Date(ms).toISOString();
