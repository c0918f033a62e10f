import { randomBytes } from 'node:crypto';
import { CHANNELS } from './channels';
import { FLOWS, withoutListings, type FlowsRun } from './flows';
import { fillShelves, FREE_UNITS, LARGE } from './large-seller';
import { makeSeller } from './seller';
import { Stack } from './stack';

declare global {
  var flowsStack: Stack | undefined;
}

/** Starts the hub and the marketplaces on the run's own database, and fills the shelves of a large seller, once. */
export default async function setUpFlows(): Promise<void> {
  const { MONGO_URL: mongoUrl, REDIS_URL: redisUrl } = process.env;
  if (mongoUrl === undefined || redisUrl === undefined) throw new Error('run it by: npm test -- test/flows');
  const began = performance.now();
  const url = new URL(mongoUrl);
  url.pathname = `/flows${randomBytes(4).toString('hex')}`;
  const stack = await Stack.start({ mongoUrl: url.href, redisUrl, env: { HUB_HOOKS_PER_SECOND: '100000' } });
  globalThis.flowsStack = stack;
  const listings = { count: LARGE, quantity: FREE_UNITS };
  const plan = { id: 'large', listings: Object.fromEntries(CHANNELS.map((channel) => [channel, listings])) };
  const seller = await makeSeller(stack, plan);
  const madeMs = performance.now() - began;
  await fillShelves(url.href, seller);
  const filledMs = performance.now() - began - madeMs;
  const run: FlowsRun = { places: stack.places, large: withoutListings(seller) };
  process.env[FLOWS] = JSON.stringify(run);
  console.log(
    `flows: the stack is up in ${Math.round(madeMs)} ms, ${LARGE} skus are there ${Math.round(filledMs)} ms later`,
  );
}
