import { Injectable } from '@nestjs/common';
import {
  faultDoubles,
  faultUnknown,
  inBatches,
  ITEM_COLUMNS,
  readItemRow,
  setItems,
  type ItemRow,
  type SellerId,
} from '../domain';
import { CampaignItemsStore } from '../store/campaign-items.store';
import { listOf, type CampaignRecord } from '../store/campaigns.store';
import { ShopsStore } from '../store/shops.store';
import { SkusStore } from '../store/skus.store';
import type { ItemsReportView } from './campaign-items.schema';
import { CampaignsService } from './campaigns.service';
import type { SellerCall } from './principal';
import { MOST_ITEMS, refuseTooMany } from './read-campaign';
import { ReadFileService } from './read-file.service';
import { Refusal } from './refusal';
import type { FileCall } from './take-file-guard';

const ITEMS_FILE = { columns: ITEM_COLUMNS, readRow: readItemRow, mostRows: MOST_ITEMS };
const NAMES_PER_LOOK = 1000;

/** Sets items of a draft by a file: what the file does not name stays as it is. */
@Injectable()
export class ImportItemsService {
  constructor(
    private readonly reader: ReadFileService,
    private readonly service: CampaignsService,
    private readonly items: CampaignItemsStore,
    private readonly skus: SkusStore,
    private readonly shops: ShopsStore,
  ) {}

  /**
   * Answers what became of each row.
   * @throws Refusal 422 with the same report where nothing is saved, 409 where it is no draft, 412 for a stale version;
   * SheetFault for a file of which no row can be read.
   */
  async import(call: FileCall, id: string, isPartial: boolean): Promise<ItemsReportView> {
    const campaign = await this.service.find(call.seller, id);
    await this.service.mayEdit(call, campaign);
    return this.reader.read(call.file, ITEMS_FILE, async (read) => {
      const rows = faultDoubles(await this.judged(call.seller, read));
      const good = rows.filter(({ faults }) => faults === undefined);
      if (good.length < rows.length && !isPartial) throw refused(campaign, rows);
      return reportOf(good.length === 0 ? campaign : await this.set(call, campaign, good), rows, good.length);
    });
  }

  private async set(call: SellerCall, campaign: CampaignRecord, rows: readonly ItemRow[]): Promise<CampaignRecord> {
    const items = setItems(await this.items.all(listOf(campaign)), rows);
    refuseTooMany(items, 'rows');
    return this.service.write(call, campaign, { items, changed: ['items'] });
  }

  /** The rows with a fault for each sku and shop that the seller does not have. */
  private async judged(seller: SellerId, rows: readonly ItemRow[]): Promise<readonly ItemRow[]> {
    const named = rows.flatMap(({ shops }) => shops);
    refuseTooMany(named, 'rows');
    const [skus, shops] = await Promise.all([
      found(
        rows.map(({ sku }) => sku),
        async (some) => (await this.skus.findMany(seller, some)).map(({ sku }) => sku),
      ),
      found(named, async (some) => (await this.shops.findMany(seller, some)).map(({ id }) => id)),
    ]);
    return rows.map((row) => faultUnknown(row, { skus, shops }));
  }
}

/** Those of the names that there are, looked up many at a time. */
async function found<Name extends string>(
  names: readonly Name[],
  look: (some: readonly Name[]) => Promise<readonly Name[]>,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const some of inBatches([...new Set(names)], NAMES_PER_LOOK)) {
    for (const name of await look(some)) known.add(name);
  }
  return known;
}

function reportOf({ v: version }: CampaignRecord, rows: readonly ItemRow[], saved: number): ItemsReportView {
  const faulty = rows.filter(({ faults }) => faults !== undefined).length;
  const items = rows.map(({ row, sku, faults }) =>
    faults === undefined
      ? ({ row, sku, state: saved > 0 ? 'saved' : 'not-saved' } as const)
      : ({ row, sku, state: 'faulty', faults } as const),
  );
  return { rows: rows.length, faulty, saved, version, items };
}

/** The report beside the faults, where one row or more is faulty. */
function refused(campaign: CampaignRecord, rows: readonly ItemRow[]): Refusal {
  const { faulty, saved, version, items } = reportOf(campaign, rows, 0);
  const errors = rows.flatMap(({ row, faults = [] }) =>
    faults.map(({ column, message }) => ({ path: `rows.${row}.${column}`, message })),
  );
  const detail = `Of ${rows.length} rows, ${faulty} are faulty; nothing is saved.`;
  return new Refusal(422, 'invalid', { detail, errors, members: { rows: rows.length, faulty, saved, version, items } });
}
