import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** The entries of a zip (a jar is one) from its central directory. */
export function zipEntries(zip) {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  const entries = [];
  for (let at = zip.readUInt32LE(end + 16), left = count; left > 0; left--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('not a zip: its directory is broken');
    const nameLength = zip.readUInt16LE(at + 28);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      at: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function endOfDirectory(zip) {
  for (let at = zip.length - 22; at >= 0 && at >= zip.length - 22 - 65535; at--) {
    if (zip.readUInt32LE(at) === END) return at;
  }
  throw new Error('not a zip: it has no directory');
}

/** The content of one entry. */
export function unzip(zip, entry) {
  if (zip.readUInt32LE(entry.at) !== LOCAL) throw new Error(`not a zip: ${entry.name} is not where it should be`);
  const start = entry.at + 30 + zip.readUInt16LE(entry.at + 26) + zip.readUInt16LE(entry.at + 28);
  const bytes = zip.subarray(start, start + entry.packed);
  const content = entry.method === STORED ? bytes : entry.method === DEFLATED ? inflateRawSync(bytes) : null;
  if (!content) throw new Error(`${entry.name} is packed in a way this reader does not know (${entry.method})`);
  if (content.length !== entry.size) throw new Error(`${entry.name} is cut short`);
  return content;
}
