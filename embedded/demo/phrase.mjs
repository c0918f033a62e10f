const MOST_WRITES = 6;
const LONGEST = 400;
/** Of a warning's fields: what the line says by itself, and what only the log file needs. */
const NOT_SHOWN = new Set(['level', 'time', 'pid', 'msg', 'stack', 'job', 'position', 'delivery']);

/** One line about an order or another change of stock. */
export function phrase(deal) {
  const moves = [...deal.skus.values()];
  const head = [clock(deal.at), deal.channel.padEnd(7), verbsOf(deal).padEnd(9), deal.number.padEnd(15)].join('  ');
  const stock = moves.map((move) => moved(move, moves.length === 1)).join(', ');
  const sent = written(deal, new Set(moves.map(({ sku }) => sku)));
  const took = deal.endedAt === undefined || deal.number === '' ? '' : `in ${Math.max(0, deal.endedAt - deal.at)} ms`;
  return [head, stock, sent, took]
    .filter((text) => text !== '')
    .join('  ')
    .trimEnd();
}

function verbsOf({ verbs }) {
  const isNew = verbs.has('ordered');
  const rest = [...verbs].filter((verb) => verb !== 'ordered' && verb !== 'paid');
  return [...(isNew ? [verbs.has('paid') ? 'ordered' : 'unpaid'] : verbs.has('paid') ? ['paid'] : []), ...rest].join(
    ', ',
  );
}

function moved({ sku, before, after, short }, inFull) {
  const now = after.onHand - after.committed;
  const was = before === undefined ? now : before.onHand - before.committed;
  const left = before === undefined ? 0 : after.onHand - before.onHand;
  const units = Math.abs(now - was) || Math.abs(left);
  const change = now === was ? `free ${now}` : `free ${was} -> ${now}`;
  const rest = inFull ? ` (${after.onHand} on hand, ${after.committed} committed)` : '';
  const lacking = short > 0 ? `  ${short} TOO MANY SOLD` : '';
  return `${units === 0 ? sku : `${sku} x${units}`}  ${change}${rest}${lacking}`;
}

/** By channel where one sku is told of, else by listing. */
function written({ writes }, skus) {
  const all = [...writes.values()].sort((a, b) => (a.channel < b.channel ? -1 : 1));
  const groups = new Map();
  for (const { channel, listing, before, after } of all) {
    const name = skus.has(listing) && skus.size === 1 ? '' : ` ${listing}`;
    const change = `${name} ${before === undefined || before === null ? '' : `${before} -> `}${after}`;
    const key = skus.size === 1 ? channel + change : change;
    groups.set(key, { change, channels: [...(groups.get(key)?.channels ?? []), channel] });
  }
  const texts = [...groups.values()].map(({ change, channels }) => channels.join('/') + change);
  const more = texts.length > MOST_WRITES ? [`and ${texts.length - MOST_WRITES} more`] : [];
  return [...texts.slice(0, MOST_WRITES), ...more].join(', ');
}

/** One line about what somebody should know. */
export function warning(entry) {
  const fields = Object.entries(entry)
    .filter(([name, value]) => !NOT_SHOWN.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${plain(value)}`);
  const text = [clock(Date.parse(entry.time)), entry.level.padEnd(7), entry.msg, ...fields].join('  ');
  return text.replaceAll('\n', ' ').slice(0, LONGEST);
}

function plain(value) {
  if (typeof value !== 'object' || value === null) return String(value);
  return typeof value.message === 'string' ? value.message : JSON.stringify(value);
}

const clock = (ms) => new Date(ms).toTimeString().slice(0, 8);
