import { SHEET_LIMITS, SheetFault, type SheetRow } from './sheet';
import { XlsxParts, type XmlListener } from './xlsx-parts';

type Attributes = Readonly<Record<string, string>>;

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const STRINGS = 'xl/sharedStrings.xml';
const MOST_ROW = 1_048_576;

/** Reads the first sheet of an XLSX file, a piece at a time. Its strings are held, its rows are not. */
export async function* readXlsx(bytes: Buffer): AsyncGenerator<SheetRow> {
  const parts = await XlsxParts.open(bytes);
  const sheet = await firstSheetOf(parts);
  const strings = new StringsReader();
  if (parts.has(STRINGS)) await readAll(parts, STRINGS, strings);
  const rows = new RowsReader(strings.found);
  for await (const _ of parts.read(sheet, rows)) yield* rows.take();
  yield* rows.take();
}

async function firstSheetOf(parts: XlsxParts): Promise<string> {
  const [ids, targets] = [new Map<string, string>(), new Map<string, string>()];
  const note = (tag: string, [key, value]: readonly [string, string], into: Map<string, string>): XmlListener => ({
    open: (name, given) => {
      if (name === tag) into.set(given[key] ?? '', given[value] ?? '');
    },
    ...{ text: () => undefined, close: () => undefined },
  });
  await readAll(parts, WORKBOOK, note('sheet', ['r:id', 'name'], ids));
  await readAll(parts, RELATIONS, note('Relationship', ['Id', 'Target'], targets));
  const target = targets.get([...ids.keys()][0] ?? '');
  if (target === undefined) throw broken('it has no sheet');
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function readAll(parts: XlsxParts, name: string, listener: XmlListener): Promise<void> {
  for await (const _ of parts.read(name, listener));
}

/** Texts of a file, each made of its runs; what tells how to pronounce them is left out. */
class StringsReader implements XmlListener {
  readonly found: string[] = [];
  private text_: string[] = [];
  private isText = false;
  private isPhonetic = false;

  open(name: string): void {
    if (name === 'si') this.text_ = [];
    if (name === 'rPh') this.isPhonetic = true;
    if (name === 't') this.isText = !this.isPhonetic;
  }

  text(text: string): void {
    if (this.isText) this.text_.push(text);
  }

  close(name: string): void {
    if (name === 'si') this.found.push(unescaped(this.text_.join('')));
    if (name === 'rPh') this.isPhonetic = false;
    if (name === 't') this.isText = false;
  }
}

/** The rows of a sheet. A row or column that is only claimed costs nothing. */
class RowsReader implements XmlListener {
  private rows: SheetRow[] = [];
  private row = 0;
  private cells: (string | undefined)[] = [];
  private column = -1;
  private kind = 'n';
  private within: 'v' | 't' | 'f' | undefined;
  private isPhonetic = false;
  private value = '';
  private formula: string | undefined;

  constructor(private readonly strings: readonly string[]) {}

  /** The rows that were ended since the last time. */
  take(): readonly SheetRow[] {
    const taken = this.rows;
    this.rows = [];
    return taken;
  }

  open(name: string, given: Attributes): void {
    if (name === 'row') this.openRow(given);
    else if (name === 'c') this.openCell(given);
    else if (name === 'rPh') this.isPhonetic = true;
    else if (name === 'f') [this.within, this.formula] = ['f', ''];
    else if (name === 'v' || (name === 't' && !this.isPhonetic)) this.within = name;
  }

  text(text: string): void {
    if (this.within === 'f') this.formula = (this.formula ?? '') + text;
    else if (this.within !== undefined) this.value += text;
  }

  close(name: string): void {
    if (name === 'c') this.cells[this.column] = this.formula === undefined ? this.shown() : `=${this.formula}`;
    else if (name === 'row') this.rows.push({ row: this.row, cells: Array.from(this.cells, (cell) => cell ?? '') });
    else if (name === 'rPh') this.isPhonetic = false;
    else if (name === this.within) this.within = undefined;
  }

  private openRow({ r }: Attributes): void {
    const row = r === undefined ? this.row + 1 : Number(r);
    if (!Number.isInteger(row) || row <= this.row || row > MOST_ROW)
      throw broken(`a row after ${this.row} has no place`);
    [this.row, this.cells, this.column] = [row, [], -1];
  }

  private openCell({ r, t = 'n' }: Attributes): void {
    const column = r === undefined ? this.column + 1 : columnOf(r);
    if (column >= SHEET_LIMITS.columns) throw new SheetFault('too-large', `Row ${this.row} has too many columns.`);
    if (column <= this.column) throw broken(`a cell in row ${this.row} has no place`);
    [this.column, this.kind, this.value, this.formula] = [column, t, '', undefined];
  }

  private shown(): string {
    switch (this.kind) {
      case 's':
        return this.value === '' ? '' : (this.strings[Number(this.value)] ?? '');
      case 'b':
        return this.value === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return this.value === '' ? '' : numberText(this.value);
      default:
        return unescaped(this.value);
    }
  }
}

/** A as 0, Z as 25, AA as 26. */
const columnOf = (place: string): number =>
  Buffer.from(/^[A-Z]{1,3}(?=\d)/.exec(place)?.[0] ?? '').reduce((sum, code) => sum * 26 + code - 64, 0) - 1;

/** `1.2E3` is 1200. */
const numberText = (text: string): string => (Number.isFinite(Number(text)) ? String(Number(text)) : text);

/** `_x000D_` stands for a sign that XML cannot hold. */
const unescaped = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

const broken = (why: string): SheetFault => new SheetFault('unreadable', `The file is no whole XLSX file: ${why}.`);
