import fs from 'node:fs';

/**
 * Counts from the JSON reports of the two test runners.
 * @typedef {import('./run.mjs').Outcome} Outcome
 */

/** @param {string} file @returns {unknown} undefined when the runner ended before it wrote one */
function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A run that failed without a failed test (an error outside of any, a crash), or that ran nothing, counts as one failure:
 * silence is not success, unless the run was narrowed by a filter that fits nothing here.
 * @param {{passed: number, failed: number, skipped: number}} counts
 * @param {import('./run.mjs').RunResult} result
 * @param {boolean} isNarrowed
 * @returns {Outcome}
 */
function conclude({ passed, failed, skipped }, { isOk, output }, isNarrowed) {
  const note = skipped > 0 ? `${skipped} skipped` : undefined;
  if (passed + failed === 0 && isOk && isNarrowed) return { passed, failed, note: 'nothing matches' };
  if (passed + failed === 0) return { passed, failed: 1, output: `${output}\nNo test ran.`, note };
  return { passed, failed: failed === 0 && !isOk ? 1 : failed, output, note };
}

/**
 * @param {string} file written by `--reporter=json`
 * @param {import('./run.mjs').RunResult} result
 * @param {boolean} isNarrowed whether only files that match a filter were asked for
 */
export function readVitestReport(file, result, isNarrowed) {
  const report = /** @type {{testResults: {status: string, assertionResults: {status: string}[]}[]} | undefined} */ (
    readReport(file)
  );
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of report?.testResults ?? []) {
    const failedBefore = counts.failed;
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    // A file that does not load, or whose set-up fails, has no failed test to show for it.
    if (status === 'failed' && counts.failed === failedBefore) counts.failed += 1;
  }
  return conclude(counts, result, isNarrowed);
}

/**
 * @param {string} file written by Playwright's JSON reporter
 * @param {import('./run.mjs').RunResult} result
 * @param {boolean} isNarrowed whether only files that match a filter were asked for
 */
export function readPlaywrightReport(file, result, isNarrowed) {
  const report =
    /** @type {{stats: {expected: number, unexpected: number, flaky: number, skipped: number}} | undefined} */ (
      readReport(file)
    );
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  return conclude({ passed: expected, failed: unexpected + flaky, skipped }, result, isNarrowed);
}
