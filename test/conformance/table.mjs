import { readFileSync } from 'node:fs';
import path from 'node:path';

const capabilities = JSON.parse(readFileSync(path.join(import.meta.dirname, 'capabilities.json'), 'utf8'));
const FOLDER = `${path.sep}test${path.sep}conformance${path.sep}`;

/** What the tests of one capability of one channel came to: nothing is taken for shown that no test showed. */
function cellOf(tests) {
  if (tests.length === 0) return 'missing';
  if (tests.some(({ status }) => status !== 'passed')) return 'red';
  return tests.every(({ title }) => title.startsWith('- ')) ? '-' : 'green';
}

function tableOf(tests) {
  const channels = [...new Set(tests.map(({ ancestorTitles: [channel] }) => channel))];
  const of = (channel, capability) => tests.filter(({ ancestorTitles: [a, b] }) => a === channel && b === capability);
  const rows = capabilities.map((capability) => [
    capability,
    ...channels.map((channel) => cellOf(of(channel, capability))),
  ]);
  return [['', ...channels], ...rows];
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** A reporter of jest: prints channel against capability from what the tests came to, and fails where one is not shown. */
export default class ConformanceTable {
  #failed = false;

  onRunComplete(_contexts, { testResults }) {
    const files = testResults.filter(({ testFilePath }) => testFilePath.includes(FOLDER));
    const tests = files.flatMap((file) => file.testResults);
    const rows = tableOf(tests);
    print(rows);
    const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => `  ${fullName}`);
    const unread = files.filter(({ testExecError }) => testExecError).map((file) => `  ${file.testFilePath}`);
    const notes = [...failed, ...unread];
    if (notes.length > 0) process.stdout.write(`\nred:\n${notes.join('\n')}\n`);
    this.#failed = tests.length === 0 || rows.slice(1).some((row) => row.includes('missing') || row.includes('red'));
  }

  getLastError() {
    return this.#failed ? new Error('a channel does not keep the contract') : undefined;
  }
}
