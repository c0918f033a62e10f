import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { ZipFile } from 'yazl';
import { plainCell } from '../domain';
import { readSheet } from './read-sheet';
import { SHEET_FORMATS, SHEET_LIMITS, type OutCell, type SheetFormat, type SheetRow } from './sheet';
import { writeSheet } from './write-sheet';

async function* given<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
const written = (rows: Iterable<readonly OutCell[]>, format: SheetFormat): Promise<Buffer> =>
  buffer(writeSheet(given(rows), format));

async function readAll(bytes: Buffer | string, format: SheetFormat): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const row of readSheet(Buffer.from(bytes as string), format)) rows.push(row);
  return rows;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A file as a spreadsheet program writes it, of its rows' XML and its strings. */
async function xlsxOf(rows: string, more: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const zip = new ZipFile();
  const parts = {
    'xl/workbook.xml': `<x:workbook xmlns:x="${MAIN}" xmlns:r="${OFFICE}"><x:sheets><x:sheet name="Stock" r:id="r7"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r7" Target="worksheets/sheet9.xml"/></Relationships>',
    'xl/worksheets/sheet9.xml': `<x:worksheet xmlns:x="${MAIN}"><x:sheetData>${rows}</x:sheetData></x:worksheet>`,
    ...more,
  };
  for (const [name, xml] of Object.entries(parts)) zip.addBuffer(Buffer.from(xml), name);
  zip.end();
  return buffer(zip.outputStream);
}

describe.each(SHEET_FORMATS)('a %s file', (format) => {
  it('reads back as it was written, but that formulas are text', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 12 });
    const cells = fc.oneof(fc.integer(), texts, fc.constantFrom('=1+1', 'a,"b";c\r\nd', '_x0041_', '<&>', 'สวัสดี'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constant('row'), cells), { maxLength: 5 }), async (rows) => {
        const found = await readAll(await written(rows, format), format);
        expect(found.map(({ row, cells: [, cell = ''] }) => [row, plainCell(cell)])).toEqual(
          rows.map(([, cell], at) => [at + 1, String(cell)]),
        );
      }),
      { numRuns: format === 'csv' ? 200 : 60 },
    );
  });

  it('keeps the places of cells, and numbers its rows over empty ones', async () => {
    const rows = [['a', undefined, 3], [], [undefined, ' '], [1]];
    expect(await readAll(await written(rows, format), format)).toEqual([
      { row: 1, cells: ['a', '', '3'] },
      { row: 4, cells: ['1'] },
    ]);
  });

  it('is refused when it has too many columns', async () => {
    const wide = Array.from({ length: SHEET_LIMITS.columns + 1 }, () => 'x');
    await expect(readAll(await written([wide], format), format)).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('is refused when it is something else', async () => {
    await expect(readAll(Buffer.from([0xff, 0xd8, 0xff, 0, 1]), format)).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('is refused when it has too many bytes', async () => {
    const large = Buffer.alloc(SHEET_LIMITS.bytes + 1, 'a');
    await expect(readAll(large, format)).rejects.toMatchObject({ kind: 'too-large' });
  });
});

describe('a csv file', () => {
  it('may begin with a mark, and be separated by semicolons or tabs', async () => {
    for (const separator of [',', ';', '\t']) {
      const rows = await readAll(`\uFEFFsku${separator}onHand\n"a${separator}b"${separator}2`, 'csv');
      expect(rows.map(({ cells }) => cells)).toEqual([
        ['sku', 'onHand'],
        [`a${separator}b`, '2'],
      ]);
    }
  });

  it('is refused when a quote never closes', async () => {
    await expect(readAll(`sku\n"${'a\n'.repeat(300_000)}`, 'csv')).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('is refused when it has too many rows or cells', async () => {
    const narrow = 'x\n'.repeat(SHEET_LIMITS.rows + 1);
    await expect(readAll(narrow, 'csv')).rejects.toMatchObject({ message: expect.stringContaining('200,000 rows') });
    const wide = `${','.repeat(99)}\n`.repeat(SHEET_LIMITS.cells / 100 + 1);
    await expect(readAll(wide, 'csv')).rejects.toMatchObject({ message: expect.stringContaining('cells') });
  });
});

describe('an xlsx file of a spreadsheet program', () => {
  it('shows formulas as formulas, and every other kind of cell by its value', async () => {
    const strings =
      '<sst><si><t>MUG</t></si><si><r><t>red </t></r><r><t>cup</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si></sst>';
    const row =
      '<x:c r="A3" t="s"><x:v>0</x:v></x:c><x:c r="C3" s="4"><x:v>1.2E3</x:v></x:c>' +
      '<x:c r="D3"><x:f>SUM(C3)</x:f><x:v>1200</x:v></x:c><x:c r="E3" t="s"><x:v>1</x:v></x:c>' +
      '<x:c r="F3" t="b"><x:v>1</x:v></x:c><x:c r="G3" t="e"><x:v>#N/A</x:v></x:c><x:c r="AA3"><x:v>1</x:v></x:c>';
    const file = await xlsxOf(`<x:row r="3">${row}</x:row>`, { 'xl/sharedStrings.xml': strings });
    const [{ cells, row: number } = { cells: [], row: 0 }] = await readAll(file, 'xlsx');
    expect([number, cells.slice(0, 7), cells[26]]).toEqual([
      ...[3, ['MUG', '', '1200', '=SUM(C3)', 'red cup', 'TRUE', '#N/A']],
      '1',
    ]);
  });

  it('is refused when it grows beyond the limit, whatever its directory says', async () => {
    const file = await xlsxOf('', { 'xl/media/bomb.xml': ' '.repeat(SHEET_LIMITS.unpackedBytes) });
    expect(file.length).toBeLessThan(1_000_000);
    await expect(readAll(file, 'xlsx')).rejects.toMatchObject({ kind: 'too-large' });
    const rows = '<x:row><x:c><x:v>1</x:v></x:c></x:row>'.repeat(2000);
    const honest = await xlsxOf(rows);
    const lying = Buffer.from(honest);
    const at = lying.lastIndexOf('xl/worksheets/sheet9.xml') - 46;
    lying.writeUInt32LE(100, at + 24);
    await expect(readAll(lying, 'xlsx')).rejects.toMatchObject({ kind: 'unreadable' });
    expect(await readAll(honest, 'xlsx')).toHaveLength(2000);
  });

  it('is refused when many cells name one large text, before anybody looks into it', async () => {
    const cell = '<x:c t="s"><x:v>0</x:v></x:c>';
    const row = `<x:row>${cell.repeat(SHEET_LIMITS.columns)}</x:row>`;
    const strings = `<sst><si><t>${' '.repeat(1024 * 1024)}</t></si></sst>`;
    const file = await xlsxOf(row.repeat(50), { 'xl/sharedStrings.xml': strings });
    expect(file.length).toBeLessThan(20_000);
    await expect(readAll(file, 'xlsx')).rejects.toMatchObject({ message: expect.stringContaining('signs') });
  });

  it.each([
    ['a row that claims a far place', '<x:row r="1048576"><x:c r="A1048576"><x:v>1</x:v></x:c></x:row>', 1],
    ['a column beyond the limit', '<x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>', 'too-large'],
    ['a row without an end to its number', '<x:row r="1e99"/>', 'unreadable'],
    ['rows that go back', '<x:row r="2"/><x:row r="1"/>', 'unreadable'],
    ['an entity', '<x:row>&bomb;</x:row>', 'unreadable'],
    ['XML that is broken', '<x:row><x:c></x:row>', 'unreadable'],
  ])('costs nothing with %s', async (_, rows, expected) => {
    const file = await xlsxOf(rows);
    if (typeof expected === 'number') expect(await readAll(file, 'xlsx')).toHaveLength(expected);
    else await expect(readAll(file, 'xlsx')).rejects.toMatchObject({ kind: expected });
  });

  it('is refused without a sheet', async () => {
    const file = await xlsxOf('', { 'xl/workbook.xml': '<workbook/>' });
    await expect(readAll(file, 'xlsx')).rejects.toMatchObject({ message: expect.stringContaining('no sheet') });
  });
});
