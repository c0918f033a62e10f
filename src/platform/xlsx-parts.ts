import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { SHEET_LIMITS, SheetFault } from './sheet';

/** What is told of an XML part as it is read; names are without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** The parts of an XLSX file. What its directory says is checked against what is unpacked, so a part never grows. */
export class XlsxParts {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws SheetFault */
  static async open(bytes: Buffer): Promise<XlsxParts> {
    return orUnreadable(async () => {
      const zip = await fromBufferPromise(bytes, { lazyEntries: true });
      if (zip.entryCount > SHEET_LIMITS.parts) throw new SheetFault('too-large', 'The file has too many parts.');
      const entries = new Map<string, Entry>();
      let unpacked = 0;
      for await (const entry of zip.eachEntry()) {
        unpacked += entry.uncompressedSize;
        if (unpacked > SHEET_LIMITS.unpackedBytes)
          throw new SheetFault('too-large', 'Unpacked, the file is too large.');
        entries.set(entry.fileName, entry);
      }
      return new XlsxParts(zip, entries);
    });
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Reads one XML part, and stops for others after each piece of it. @throws SheetFault */
  async *read(name: string, listener: XmlListener): AsyncGenerator<void> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new SheetFault('unreadable', `The file has no part ${name}.`);
    const parser = parserFor(listener);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const stream = await orUnreadable<Readable>(() => this.zip.openReadStreamPromise(entry));
    const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        const piece = await orUnreadable(() => pieces.next());
        if (piece.done === true) break;
        await orUnreadable(async () => parser.write(decoder.decode(piece.value, { stream: true })));
        yield;
      }
    } finally {
      stream.destroy();
    }
    await orUnreadable(async () => parser.close());
  }
}

function parserFor(listener: XmlListener): SaxesParser {
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => listener.open(withoutPrefix(name), attributes));
  parser.on('closetag', ({ name }) => listener.close(withoutPrefix(name)));
  parser.on('text', (text) => listener.text(text));
  parser.on('cdata', (text) => listener.text(text));
  parser.on('error', (error) => {
    throw error;
  });
  return parser;
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Whatever a hostile file makes a library say is the file's fault. */
async function orUnreadable<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SheetFault) throw error;
    throw new SheetFault('unreadable', 'The file is no XLSX file, or a broken one.');
  }
}
