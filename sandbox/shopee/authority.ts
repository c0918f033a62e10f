import type { App, Shop } from '../shop';
import type { Ground } from '../world';
import { faceOfApp, faceOfShop } from './faces';

const AUTHORISED = 1;
const DEAUTHORISED = 2;
const EXPIRING = 12;
const WEEK_MS = 7 * 86_400_000;

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

/** Codes 1, 2 and 12 are the app's, not a shop's: no `shop_id` on top. [S2 doc] */
function tell(ground: Ground, shop: Shop, message: { code: number; data: unknown; named: boolean }): void {
  const { code, data, named } = message;
  const partner = named ? { partner_id: Number(shop.app.key) } : {};
  const body = JSON.stringify({ data, ...partner, code, timestamp: nowS() });
  ground.pushes().send(shop, { kind: String(code), orderId: undefined, body });
}

/** Push 1: the seller has said yes. */
export function tellAuthorised(ground: Ground, shop: Shop): void {
  const extra = `shop id ${shop.id} (${shop.region}) has been authorized successfully`;
  const data = { authorize_type: 'shop authorization by user', extra, shop_id: Number(shop.id), success: 1 };
  tell(ground, shop, { code: AUTHORISED, data, named: true });
}

/** Push 1 for a main account: the shops and merchants that it stands for. */
export function tellMainAuthorised(ground: Ground, app: App): void {
  const [shop] = app.shops.values();
  if (shop === undefined) return;
  const { mainAccountId, merchantId } = faceOfApp(app);
  const data = {
    authorize_type: 'main account authorization by user',
    extra: `main account id ${mainAccountId} has been authorized successfully`,
    main_account_id: mainAccountId,
    shop_id_list: [...app.shops.keys()].map(Number),
    merchant_id_list: [merchantId],
    success: 1,
  };
  tell(ground, shop, { code: AUTHORISED, data, named: true });
}

/** Takes a shop's authorisation back, with push 2: its tokens are dead and it is linked to the app no more. */
export function deauthorise(ground: Ground, shop: Shop, pushed: boolean): void {
  ground.market.sessions.revoke(shop);
  faceOfShop(shop).unlinked = true;
  if (!pushed) return;
  const extra = `shop id ${shop.id} (${shop.region}) authorization has been canceled successfully`;
  const data = { authorize_type: 'shop authorization canceled by user', extra, shop_id: Number(shop.id), success: 1 };
  tell(ground, shop, { code: DEAUTHORISED, data, named: true });
}

/** Push 12: whose authorisation ends within a week. [S1][S2 doc] */
export function tellExpiring(ground: Ground, shop: Shop): number[] {
  const before = Date.now() + WEEK_MS;
  const ending = [...shop.app.shops.values()].filter((one) => faceOfShop(one).authorisedUntilMs <= before);
  const ids = ending.map((one) => Number(one.id));
  const data = {
    merchant_expire_soon: [] as number[],
    shop_expire_soon: ids,
    user_expire_soon: [faceOfApp(shop.app).mainAccountId],
    expire_before: Math.floor(before / 1000),
    page_no: 1,
    total_page: 1,
  };
  tell(ground, shop, { code: EXPIRING, data, named: false });
  return ids;
}
