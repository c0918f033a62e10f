import { randomInt } from 'node:crypto';
import { until } from '../until';
import { CHANNELS, type Channel } from './channels';
import type { Api } from './http';
import type { Stack } from './stack';

const ROLES = ['viewer', 'editor', 'approver', 'operator', 'storefront', 'admin'];
const CURRENCY = 'SGD';
const TIME_ZONE = 'Asia/Singapore';

/** What the sandbox takes as a shop's listings. */
export type SandboxListings = readonly object[] | { count: number; quantity: number; prefix?: string; digits?: number };

export interface SandboxListing {
  readonly sku: string;
  readonly channelIds: Readonly<Record<string, string>>;
}

/** A shop as the hub and the sandbox know it. */
export interface Shop {
  readonly channel: Channel;
  /** The hub's id. */
  readonly id: string;
  readonly app: string;
  readonly hookUrl: string;
  /** The channel's own id. */
  readonly channelShopId: string;
  readonly listings: readonly SandboxListing[];
}

export interface Seller {
  readonly id: string;
  readonly key: string;
  readonly shops: Readonly<Record<Channel, Shop>>;
}

export type Restock = 'auto' | 'confirm';

export interface SellerPlan {
  readonly id: string;
  readonly listings?: Partial<Record<Channel, SandboxListings>>;
  readonly restock?: Restock;
  readonly rules?: Partial<Record<Channel, object>>;
}

type Place = Pick<Stack, 'root' | 'sandbox'>;

/** Makes a seller with a key, three apps and three shops, at the hub and at the marketplaces, as an operator would. */
export async function makeSeller(place: Place, plan: SellerPlan): Promise<Seller> {
  await place.root.must('POST', '/v1/sellers', {
    id: plan.id,
    name: `Seller ${plan.id}`,
    timeZone: TIME_ZONE,
    currency: CURRENCY,
  });
  const made = await place.root.must('POST', `/v1/sellers/${plan.id}/keys`, {
    name: 'tests',
    person: 'tess',
    roles: ROLES,
  });
  const key = String(made.key);
  const shops: Partial<Record<Channel, Shop>> = {};
  for (const channel of CHANNELS) shops[channel] = await makeShop(place, plan, { channel, key });
  const seller = { id: plan.id, key, shops: shops as Record<Channel, Shop> };
  await untilHooked(place.sandbox, seller);
  return seller;
}

async function makeShop(place: Place, plan: SellerPlan, { channel, key }: { channel: Channel; key: string }) {
  const hub = place.root.withKey(key);
  return openShop(hub, plan, await registerApp(place, plan, { channel, key }));
}

/** An app at the hub and at the marketplace, and the marketplace's side of a shop that the hub does not know yet. */
export interface Registered {
  readonly channel: Channel;
  readonly app: string;
  readonly hookUrl: string;
  readonly known: Readonly<Record<string, string>>;
  readonly listings: readonly SandboxListing[];
}

export async function registerApp(
  place: Place,
  plan: SellerPlan,
  { channel, key }: { channel: Channel; key: string },
): Promise<Registered> {
  const app = { key: String(randomInt(1_000_000, 9_999_999)), secret: `${channel}-secret-of-${plan.id}` };
  const registered = await place.root.withKey(key).must('POST', '/v1/apps', { channel, region: 'sg', ...app });
  const known = await setUp(place.sandbox, { channel, app, hookUrl: registered.hookUrl, plan });
  const { id, hookUrl } = registered as { id: string; hookUrl: string };
  return { channel, app: id, hookUrl, known, listings: known.listings as SandboxListing[] };
}

/** Makes the shop of a registered app known to the hub. */
export async function openShop(hub: Api, plan: SellerPlan, registered: Registered): Promise<Shop> {
  const { channel, app, hookUrl, known, listings } = registered;
  const rules = plan.rules?.[channel];
  const shop = await hub.must('POST', '/v1/shops', {
    app,
    channelShopId: known['id'],
    name: known['name'],
    region: 'SG',
    currency: CURRENCY,
    timeZone: TIME_ZONE,
    ...(channel === 'zalora' ? {} : { tokens: tokensOf(known) }),
    ...(rules === undefined ? {} : { rules }),
    restock: plan.restock ?? 'confirm',
  });
  return { channel, id: String(shop.id), app, hookUrl, channelShopId: String(known['id']), listings };
}

/** Zalora is told the address by the hub itself; where the others send theirs is typed into their consoles. */
async function setUp(
  sandbox: Api,
  made: { channel: Channel; app: { key: string; secret: string }; hookUrl: string; plan: SellerPlan },
) {
  const { channel, app, hookUrl, plan } = made;
  const answer = await sandbox.must('POST', '/setup', {
    channel,
    app,
    ...(channel === 'zalora' ? {} : { hookUrl }),
    shops: [
      {
        id: String(randomInt(10_000_000, 99_999_999)),
        name: `${plan.id} on ${channel}`,
        region: 'SG',
        currency: CURRENCY,
        listings: plan.listings?.[channel] ?? [],
      },
    ],
  });
  return answer.shops[0];
}

export function tokensOf(known: Record<string, string>): Record<string, string | undefined> {
  const { accessToken, refreshToken, accessTokenExpiresAt, refreshTokenExpiresAt } = known;
  return { accessToken, refreshToken, accessTokenExpiresAt, refreshTokenExpiresAt };
}

async function untilHooked(sandbox: Api, seller: Seller): Promise<void> {
  await until(
    "Zalora knows the hub's address",
    async () => {
      const { items } = await sandbox.must('GET', '/calls?channel=zalora&path=/v2/webhook');
      const shop = seller.shops.zalora.channelShopId;
      return items.some(
        (call: { shop: string; method: string; status: number }) =>
          call.shop === shop && call.method === 'POST' && call.status < 300,
      );
    },
    20_000,
  );
}
