import { SHEET_FORMATS, type SheetFormat } from '../platform/sheet';
import { Choice } from './fields';

/** `GET /v1/stock-files/export`, `GET /v1/stock-files/template`. */
export class StockFileQuery {
  @Choice(SHEET_FORMATS, { optional: true, about: 'csv when it is left out.' })
  readonly format?: SheetFormat;
}

/** `POST /v1/stock-files/import`. */
export class StockImportQuery {
  @Choice(['true', 'false'], { optional: true, about: 'Whether good rows are saved beside faulty ones.' })
  readonly partial?: 'true' | 'false';
}
