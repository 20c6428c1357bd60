// A jest reporter that leaves the counts of one run in the folder VRRPD_TEST_SUMMARY, one file a run, for `npm test` to add up.
// Does nothing without that variable. A suite that could not even be loaded counts as one failed test.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const folder = process.env.VRRPD_TEST_SUMMARY;
    if (folder === undefined || folder === '') return;
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(join(folder, `${process.pid}-${Date.now()}.json`), JSON.stringify(counts));
  }
}
