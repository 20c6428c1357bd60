// The stream of reports: everybody hears everything, in one order.
import { expect, test } from '@jest/globals';
import type { Report } from '../../src/reports/report.js';
import { ReportStream } from '../../src/reports/report-stream.js';

const started: Report = { kind: 'started', at: 1 };
const stopped: Report = { kind: 'stopped', at: 2 };

test('what is told while something is heard comes after it, for every listener', () => {
  const stream = new ReportStream(() => 0);
  const heard: string[] = [];
  stream.subscribe(({ kind }) => {
    heard.push(`a ${kind}`);
    if (kind === 'started') stream.publish(stopped);
  });
  stream.subscribe(({ kind }) => heard.push(`b ${kind}`));
  stream.publish(started);
  expect(heard).toEqual(['a started', 'b started', 'a stopped', 'b stopped']);
});

test('what happens now has the time of the clock; who has left hears nothing more', () => {
  const stream = new ReportStream(() => 42);
  const heard: Report[] = [];
  const leave = stream.subscribe((report) => heard.push(report));
  const report = { kind: 'realtime-paused', thread: 1, seconds: 10 } as const;
  stream.tell(report);
  leave();
  stream.publish(started);
  expect(heard).toEqual([{ ...report, at: 42 }]);
});

test('a listener that fails does not silence the ones after the next report', () => {
  const stream = new ReportStream(() => 0);
  const heard: string[] = [];
  const leave = stream.subscribe(() => {
    throw new Error('a bug');
  });
  expect(() => stream.publish(started)).toThrow('a bug');
  leave();
  stream.subscribe(({ kind }) => heard.push(kind));
  stream.publish(stopped);
  expect(heard).toEqual(['stopped']);
});
