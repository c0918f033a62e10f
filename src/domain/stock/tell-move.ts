import type { Move, Part } from './position';

const SOURCES: Readonly<Record<Part['from'], string>> = {
  pool: 'of what nobody held',
  quota: 'of its own quota',
  other: "of another shop's quota",
  short: 'that were not there',
};

const tellPart = ({ from, quota, units }: Part): string =>
  quota === undefined ? `${units} ${SOURCES[from]}` : `${units} ${SOURCES[from]} ${quota}`;

const signed = (units: number): string => (units > 0 ? `+${units}` : String(units));

function tellOrder({ order, shop, holding, reason }: Move): string {
  const { drew = [], shipped = 0, restocked = 0 } = holding ?? {};
  const held = drew.length === 0 ? 'holds nothing any more' : `holds ${drew.map(tellPart).join(', ')}`;
  const left = shipped === 0 ? '' : `; ${shipped} of them were shipped`;
  const back = restocked === 0 ? '' : `; ${restocked} came back`;
  return `Order ${order ?? '?'} of shop ${shop ?? '?'} ${held}${left}${back}${reason === undefined ? '' : ` (${reason})`}.`;
}

function tellQuota({ kind, quota, short = 0 }: Move): string {
  if (quota === undefined) return 'A quota changed.';
  const { campaign, shop, mode, quantity, remaining } = quota;
  if (kind === 'quota-end')
    return `Campaign ${campaign} gave back ${remaining} of the ${quantity} held for shop ${shop}.`;
  const missing = short === 0 ? '' : `, ${short} fewer than it asked for`;
  return `Campaign ${campaign} holds ${quantity} for shop ${shop} as ${mode === 'allocation' ? 'an' : 'a'} ${mode}${missing}.`;
}

function tellRules({ rules = {} }: Move): string {
  const { safetyBuffer, exposure, lowStockAt } = rules;
  const told = [
    ...(safetyBuffer === undefined ? [] : [`the safety buffer is ${safetyBuffer}`]),
    ...(exposure === undefined ? [] : [`exposure is ${exposure.policy}`]),
    ...(lowStockAt === undefined ? [] : [`low stock is told ${lowStockAt === null ? 'no more' : `at ${lowStockAt}`}`]),
  ];
  return told.length === 0 ? 'The rules of the sku changed.' : `The rules of the sku changed: ${told.join(', ')}.`;
}

/** One move in a sentence. */
export function tellMove(move: Move): string {
  const { kind, onHand, committed, units = 0, reason = 'no reason given', by = 'somebody' } = move;
  switch (kind) {
    case 'order':
      return tellOrder(move);
    case 'count':
      return `${by} counted ${onHand} (${reason}).`;
    case 'manual':
      return `${by} moved ${signed(units)}: ${onHand} are on hand (${reason}).`;
    case 'quota-start':
    case 'quota-end':
      return tellQuota(move);
    case 'rules':
      return tellRules(move);
    case 'repair':
      return `${by} repaired the ledger: ${onHand} are on hand, ${committed} committed (${reason}).`;
  }
}
