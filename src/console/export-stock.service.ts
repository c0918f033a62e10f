import { Injectable } from '@nestjs/common';
import { EMPTY_POSITION, freeOf, sharedOf, type Position, type SellerId } from '../domain';
import type { OutCell } from '../platform/sheet';
import { PositionsStore } from '../store/positions.store';
import { SkusStore, type SkuRecord } from '../store/skus.store';

type ColumnOf = (sku: SkuRecord, position: Position) => OutCell;

const SKUS_PER_PAGE = 1000;

/** Those that an import reads come first; `onHandWas` tells it what was not changed. */
const COLUMNS: Readonly<Record<string, ColumnOf>> = {
  sku: ({ sku }) => sku,
  name: ({ name }) => name,
  onHand: (_, { counted, onHand }) => (counted ? onHand : undefined),
  safetyBuffer: ({ safetyBuffer }) => safetyBuffer,
  lowStockAt: ({ lowStockAt }) => lowStockAt,
  reason: () => undefined,
  onHandWas: (_, { counted, onHand }) => (counted ? onHand : undefined),
  committed: (_, { committed }) => committed,
  free: (_, position) => (position.counted ? freeOf(position) : undefined),
  shared: (_, position) => (position.counted ? sharedOf(position) : undefined),
};

/** The stock of all skus of a seller as rows, a page at a time: only so many are in memory as are being sent. */
@Injectable()
export class ExportStockService {
  constructor(
    private readonly skus: SkusStore,
    private readonly positions: PositionsStore,
  ) {}

  async *rows(seller: SellerId): AsyncGenerator<readonly OutCell[]> {
    yield Object.keys(COLUMNS);
    let after = '';
    for (;;) {
      const page = await this.skus.list(seller, { limit: SKUS_PER_PAGE, ...(after !== '' && { after }) });
      const positions = await this.positions.readNumbers(
        seller,
        page.map(({ sku }) => sku),
      );
      for (const sku of page) {
        const position = positions.get(sku.sku) ?? EMPTY_POSITION;
        yield Object.values(COLUMNS).map((cellOf) => cellOf(sku, position));
      }
      if (page.length < SKUS_PER_PAGE) return;
      after = page.at(-1)?.sku ?? '';
    }
  }
}
