import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { pressCampaign, sumOutcomes, type CampaignItem, type Outcome, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { CampaignItemsStore, type CampaignItemRecord, type ItemKey } from '../store/campaign-items.store';
import { CampaignsStore, listOf, type CampaignChange, type CampaignRecord } from '../store/campaigns.store';
import { PositionsStore } from '../store/positions.store';
import { SellersStore } from '../store/sellers.store';
import type { CampaignBody, CampaignPatch, CampaignView } from './campaigns.schema';
import { matchVersion } from './match-version';
import { present } from './present';
import { nameOf, type SellerCall } from './principal';
import { readItems, readTime } from './read-campaign';
import { conflict, notFound, Refusal, stale } from './refusal';
import { outcomeNow, showCampaign, showItems, type Positions } from './show-campaign';

/** Most items that are shown with their campaign. */
const MOST_SHOWN = 200;
const ITEMS_PER_LOOK = 500;
/** Most entries of a campaign's log before it is neither edited nor submitted any more. */
const MOST_ENTRIES = 1000;

/** An edit of a draft; without items, those that it has stay. */
export interface CampaignEdit {
  readonly fields?: Partial<Omit<CampaignChange, 'due'>>;
  readonly items?: readonly CampaignItem[];
  /** What the log says of it. */
  readonly changed: readonly string[];
}

/** Makes, edits and reads campaigns for the API. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly items: CampaignItemsStore,
    private readonly positions: PositionsStore,
    private readonly sellers: SellersStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal 404 */
  async find(seller: SellerId, id: string): Promise<CampaignRecord> {
    const campaign = await this.campaigns.find(seller, id);
    if (!campaign) throw notFound();
    return campaign;
  }

  /** @throws Refusal 412 with the current state, where the call is based on another version. */
  async match({ ifMatch }: SellerCall, campaign: CampaignRecord): Promise<void> {
    matchVersion(ifMatch, { v: campaign.v, body: ifMatch === undefined ? undefined : await this.view(campaign) });
  }

  /** Keeps a draft. Its items go first: nobody sees them before a campaign names their list. */
  async make(call: SellerCall, body: CampaignBody): Promise<CampaignRecord> {
    const { seller } = call;
    const now = this.clock.now();
    const items = readItems(body.items ?? []);
    const time = readTime({ startsAt: instantOf(body.startsAt) ?? now, endsAt: Date.parse(body.endsAt) });
    const sellers = await this.sellers.find(seller);
    const timeZone = body.timeZone ?? sellers?.timeZone ?? 'UTC';
    const lowStockPercent = body.lowStockPercent ?? sellers?.settings.lowStockPercent;
    const { name, kind, stockMode } = body;
    const by = nameOf(call);
    const campaign: CampaignRecord = {
      ...{ id: ulid(now), seller, v: 1, name, kind, stockMode, timeZone, ...time, state: 'draft', list: ulid(now) },
      ...{ itemCount: items.length, entries: 1, editedBy: by, createdAt: now, updatedAt: now, tries: 0 },
      ...present({ lowStockPercent }),
    };
    await this.items.insert(listOf(campaign), items);
    await this.campaigns.insert(campaign, { at: now, by, did: 'made' });
    return campaign;
  }

  /**
   * Changes a draft, if it still is what the caller saw.
   * @throws Refusal 428 without a version, 412 for a stale one, 409 where it is no draft.
   */
  async edit(call: SellerCall, id: string, body: CampaignPatch): Promise<CampaignRecord> {
    const campaign = await this.find(call.seller, id);
    if (call.ifMatch === undefined) {
      throw new Refusal(428, 'if-match', { detail: 'Name the version that the edit is based on in If-Match.' });
    }
    await this.mayEdit(call, campaign);
    const { name, timeZone, stockMode, lowStockPercent } = body;
    const { startsAt = campaign.startsAt, endsAt = campaign.endsAt } = times(body);
    const fields = { ...present({ name, timeZone, stockMode, lowStockPercent }), ...readTime({ startsAt, endsAt }) };
    const items = body.items && readItems(body.items);
    return this.write(call, campaign, { fields, ...present({ items }), changed: Object.keys(body) });
  }

  /** @throws Refusal 412 for a stale version, 409 where it is no draft, or was edited too often. */
  async mayEdit(call: SellerCall, campaign: CampaignRecord): Promise<void> {
    await this.match(call, campaign);
    if (pressCampaign(campaign.state, 'edit', false) === undefined) throw wrongState(campaign);
    refuseFull(campaign);
  }

  /**
   * Writes an edit of the campaign as read; other items are another list, which its name is swapped to.
   * @throws Refusal 412 where somebody was first.
   */
  async write(
    call: SellerCall,
    campaign: CampaignRecord,
    { fields, items, changed }: CampaignEdit,
  ): Promise<CampaignRecord> {
    const own = items && { list: ulid(this.clock.now()), itemCount: items.length };
    if (items && own) await this.items.insert(listOf({ ...campaign, ...own }), items);
    const [at, by] = [this.clock.now(), nameOf(call)];
    const entry = { at, by, did: 'edited', changed } as const;
    const edited = await this.campaigns.swap(campaign, { ...fields, ...own, editedBy: by, due: undefined }, entry);
    if (own) await this.items.remove(listOf(edited ? campaign : { ...campaign, ...own }));
    if (!edited) throw await this.staleNow(campaign);
    return edited;
  }

  /** The campaign, with its items and their free stock where they are few. */
  async view(campaign: CampaignRecord): Promise<CampaignView> {
    if (campaign.itemCount > MOST_SHOWN) return showCampaign(campaign);
    const items = await this.items.all(listOf(campaign));
    return showCampaign(campaign, showItems(items, await this.positionsOf(campaign.seller, items)));
  }

  /** Items by sku and shop, with the stock of their skus. */
  async rows(
    campaign: CampaignRecord,
    page: { readonly after?: ItemKey; readonly limit: number },
  ): Promise<{ readonly items: readonly CampaignItemRecord[]; readonly positions: Positions }> {
    const items = await this.items.page(listOf(campaign), page);
    return { items, positions: await this.positionsOf(campaign.seller, items) };
  }

  /** What all items together sold so far, and whether each of them got its quota. */
  async totals(campaign: CampaignRecord): Promise<{ readonly totals: Outcome; readonly areAllHeld: boolean }> {
    const outcomes: Outcome[] = [];
    let areAllHeld = true;
    for (let after: ItemKey | undefined, more = true; more;) {
      const { items, positions } = await this.rows(campaign, { limit: ITEMS_PER_LOOK, ...(after && { after }) });
      outcomes.push(...items.map((item) => outcomeNow(item, campaign.id, positions)));
      areAllHeld &&= items.every(({ state }) => state !== 'pending');
      after = items.at(-1);
      more = items.length === ITEMS_PER_LOOK;
    }
    return { totals: sumOutcomes(outcomes), areAllHeld };
  }

  private positionsOf(seller: SellerId, items: readonly CampaignItem[]): Promise<Positions> {
    return this.positions.readNumbers(seller, [...new Set(items.map(({ sku }) => sku))]);
  }

  private async staleNow({ seller, id }: CampaignRecord): Promise<Error> {
    const current = await this.find(seller, id);
    return stale({ v: current.v, body: await this.view(current) });
  }
}

/** The campaign is in a state that allows no such step. */
export const wrongState = ({ state }: CampaignRecord): Refusal => conflict(state, `The campaign is ${state}.`);

/** @throws Refusal 409 where its log is full. */
export function refuseFull({ entries }: CampaignRecord): void {
  if (entries >= MOST_ENTRIES) throw conflict('full', 'It was edited too often: make a new one.');
}

const instantOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

const times = ({ startsAt, endsAt }: CampaignPatch): { startsAt?: number; endsAt?: number } =>
  present({ startsAt: instantOf(startsAt), endsAt: instantOf(endsAt) });
