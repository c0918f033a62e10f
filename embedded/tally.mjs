import { seconds } from './say.mjs';

/** What one run of jest came to, out of its own report. A file that would not load counts as one failure at least. */
export function tallyOf(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0, failures: ['jest gave no report'], browserSkipped: false };
  const suites = report.testResults ?? [];
  const tests = suites.flatMap((suite) => suite.assertionResults.map((test) => ({ ...test, file: suite.name })));
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const unloadable = suites.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  const skipped = tests.filter(({ status }) => ['pending', 'todo', 'skipped', 'disabled'].includes(status));
  return {
    passed: count('passed'),
    failed: count('failed') + unloadable.length,
    skipped: skipped.length,
    failures: [
      ...tests.filter(({ status }) => status === 'failed').map(({ file, fullName }) => `${file}: ${fullName}`),
      ...unloadable.map(({ name }) => `${name}: the file could not be run`),
    ],
    browserSkipped: skipped.some(({ fullName }) => fullName.includes('[browser]')),
  };
}

export function sumOf(rows) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

export function tableOf(rows) {
  const lines = rows.map((row) => [
    row.name,
    seconds(row.tookMs),
    String(row.passed),
    String(row.failed),
    String(row.skipped),
    `${row.budgetS} s${row.tookMs > row.budgetS * 1000 ? ' (over)' : ''}`,
  ]);
  const all = [['project', 'time', 'passed', 'failed', 'skipped', 'budget'], ...lines];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function verdictOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Green means that something ran and nothing failed; where CI says so, also that no browser test was left out. */
export function isGreen(rows, env) {
  const { passed, failed } = sumOf(rows);
  const browserMissing = env.CI === 'true' && rows.some((row) => row.browserSkipped);
  return passed > 0 && failed === 0 && !browserMissing;
}
