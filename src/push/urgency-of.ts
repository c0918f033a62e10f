import type { Target } from '../domain';
import type { Urgency } from '../platform/meter';

/** A lowering that is tried again is one still, though raises wait for its first attempt only. */
function lowers({ lowering, sent, acknowledged, drift }: Target): boolean {
  if (lowering === true) return true;
  return sent !== undefined && acknowledged !== undefined && sent.units < acknowledged.units + drift;
}

/** How urgent one call for these listings is: one that lowers anything is as urgent as that. Pure. */
export const urgencyOf = (targets: readonly Target[]): Urgency => (targets.some(lowers) ? 'lower' : 'raise');
