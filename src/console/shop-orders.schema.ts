import { Whole } from './fields';

const MOST_SYNCED = 90;
const MOST_AUDITED = 31;

/** How far back a shop's orders are read. */
export class SyncBody {
  @Whole({ min: 1, max: MOST_SYNCED, about: 'Orders that changed in the last so many days.' })
  readonly days!: number;
}

/** How many days are compared, the present one included. */
export class AuditBody {
  @Whole({ min: 1, max: MOST_AUDITED, about: 'Orders of the last so many days, in the time zone of the shop.' })
  readonly days!: number;
}
