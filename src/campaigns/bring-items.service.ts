import { Injectable } from '@nestjs/common';
import { keyOf, type CampaignItemFate, type Quota, type StockAnswer } from '../domain';
import { crashPoint } from '../platform/crash-point';
import { StockDoor } from '../platform/doors';
import { Log } from '../platform/logger';
import { CampaignItemsStore, type CampaignItemRecord, type ItemKey } from '../store/campaign-items.store';
import { listOf, type CampaignRecord } from '../store/campaigns.store';

/** How far a round through the items came. */
export interface Brought {
  /** The item that it came to; undefined at the end of the list. */
  readonly last?: ItemKey;
  /** Items of this round so far whose stock could not be asked for. */
  readonly failed: number;
}

type Fates = { readonly item: ItemKey; readonly fate: CampaignItemFate }[];

/** Their wishes are asked side by side, so that the ledger's swaps go out many in one write. */
const PER_PAGE = 500;

/** Makes and gives back the quotas of a campaign's items. Each wish has an id of its own: a repeat changes nothing. */
@Injectable()
export class BringItemsService {
  constructor(
    private readonly items: CampaignItemsStore,
    private readonly stock: StockDoor,
    private readonly log: Log,
  ) {}

  /** Brings one page of items to what the campaign's state asks for, after where the round came to before. */
  async bring(campaign: CampaignRecord, step: 'hold' | 'release', before: Brought = { failed: 0 }): Promise<Brought> {
    const page = { limit: PER_PAGE, ...(before.last !== undefined && { after: before.last }) };
    const list = listOf(campaign);
    const found = await (step === 'hold'
      ? this.items.inState(list, { state: 'pending', ...page })
      : this.items.page(list, page));
    const fates: Fates = [];
    const open = found.filter(({ state }) => state !== 'ended');
    await Promise.all(
      open.map(async (item) => {
        const fate = await this.fateOf(campaign, item, step).catch((error: unknown) => this.failed(item, error));
        if (fate !== undefined) fates.push({ item, fate });
      }),
    );
    crashPoint('campaign.brought');
    await this.items.mark(list, fates);
    const last = found.length === PER_PAGE ? found.at(-1) : undefined;
    return { failed: before.failed + open.length - fates.length, ...(last !== undefined && { last }) };
  }

  /** Takes away the lists of edits that lost or were overtaken: nobody can edit the campaign any more. */
  async tidy(campaign: CampaignRecord): Promise<void> {
    await this.items.removeOthers(listOf(campaign));
  }

  private fateOf(
    campaign: CampaignRecord,
    item: CampaignItemRecord,
    step: 'hold' | 'release',
  ): Promise<CampaignItemFate> {
    return step === 'hold' ? this.hold(campaign, item) : this.release(campaign, item);
  }

  private async hold(campaign: CampaignRecord, item: CampaignItemRecord): Promise<CampaignItemFate> {
    return { state: 'held', held: quotaOf(await this.start(campaign, item, item.quantity)).quantity };
  }

  /**
   * Of one whose start is not known to have been, a start with nothing goes first: where there was one, it is a repeat;
   * where there was none, it keeps a late one out.
   */
  private async release(campaign: CampaignRecord, item: CampaignItemRecord): Promise<CampaignItemFate> {
    const [started, ended] = await Promise.all([
      item.state === 'pending' ? this.start(campaign, item, 0) : undefined,
      this.stock.endQuota(campaign.seller, item.sku, {
        id: wishId(campaign, item, 'end'),
        quota: quotaId(campaign, item),
      }),
    ]);
    const held = started === undefined ? (item.held ?? 0) : quotaOf(started).quantity;
    const { remaining, lost = 0 } = quotaOf(ended);
    return { state: 'ended', held, remaining, lost };
  }

  private start(campaign: CampaignRecord, item: CampaignItemRecord, quantity: number): Promise<StockAnswer> {
    const { shop, sku } = item;
    const { id, stockMode: mode, lowStockPercent } = campaign;
    const told = lowStockPercent === undefined ? {} : { lowStockPercent };
    return this.stock.startQuota(campaign.seller, sku, {
      id: wishId(campaign, item, 'start'),
      quota: { id: quotaId(campaign, item), campaign: id, shop, mode, quantity, ...told },
      cut: true,
    });
  }

  private failed({ sku, shop }: CampaignItemRecord, error: unknown): undefined {
    this.log.warn({ sku, shop, err: error }, 'an item of a campaign was not brought to its state');
    return undefined;
  }
}

const quotaId = ({ id }: CampaignRecord, { shop }: CampaignItemRecord): string => keyOf(id, shop);

const wishId = ({ id }: CampaignRecord, { shop }: CampaignItemRecord, step: 'start' | 'end'): string =>
  keyOf('campaign', id, shop, step);

/** The quota as the move has it that answers the wish. */
function quotaOf(answer: StockAnswer): Quota {
  const quota = 'move' in answer ? answer.move.quota : undefined;
  if (quota === undefined) throw new Error(`the ledger answered ${answer.kind} to a step of a campaign`);
  return quota;
}
