import { SHEET_FORMATS, type SheetFormat } from '../platform/sheet';
import { Choice } from './fields';

/** `GET /v1/stock-files/export`. */
export class StockFileQuery {
  @Choice(SHEET_FORMATS, { optional: true, about: 'csv when it is left out.' })
  readonly format?: SheetFormat;
}

const TEMPLATES = ['stock', 'items'] as const;

/** `GET /v1/stock-files/template`. */
export class TemplateQuery extends StockFileQuery {
  @Choice(TEMPLATES, { optional: true, about: "`items` are a campaign's; stock when it is left out." })
  readonly of?: (typeof TEMPLATES)[number];
}
