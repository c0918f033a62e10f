import { SHEET_FORMATS, type SheetFormat } from '../platform/sheet';
import { Choice } from './fields';

/** `GET /v1/stock-files/export`, `GET /v1/stock-files/template`. */
export class StockFileQuery {
  @Choice(SHEET_FORMATS, { optional: true, about: 'csv when it is left out.' })
  readonly format?: SheetFormat;
}
