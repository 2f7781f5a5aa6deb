import { describe, expect, test } from '@jest/globals';
import { runTimes } from '../../helpers/report/summary.ts';
import { timingsText } from '../../helpers/report/timings.ts';
import { splitDeployment } from '../../helpers/survey/deploy-phases.ts';
import { partOf, stopwatch, type Timings } from '../../helpers/survey/stopwatch.ts';
import { recordWith } from '../helpers/records.ts';

describe('a deployment is split by the events that end its stretches', () => {
  const at = (type: string, action: string, ms: number): { type: string; action: string; at: number } => ({
    type,
    action,
    at: 1000 + ms,
  });

  test('Compose builds, then makes networks, then starts', () => {
    const events = [
      at('image', 'tag', 300),
      at('image', 'create', 310),
      at('image', 'tag', 700),
      at('network', 'create', 800),
      at('container', 'start', 950),
    ];
    expect(splitDeployment(events, 1000, 1000)).toEqual({ 'deploy: build': 700, 'deploy: start': 300 });
  });

  test('a script starts something, pulls, builds and starts again, in whatever order the events come', () => {
    const events = [
      at('container', 'start', 800),
      at('image', 'pull', 500),
      at('network', 'create', 100),
      at('image', 'tag', 750),
    ];
    expect(splitDeployment(events, 1000, 1000)).toEqual({
      'deploy: pull': 400,
      'deploy: build': 250,
      'deploy: start': 350,
    });
  });

  test('without an image everything is starting; what lies outside of the command does not count', () => {
    const events = [at('image', 'tag', -500), at('image', 'untag', 200), at('container', 'die', 5000)];
    expect(splitDeployment(events, 1000, 1000)).toEqual({ 'deploy: start': 1000 });
  });
});

test('a stopwatch measures what follows each other, and what runs side by side in it, even if it fails', async () => {
  const clock = stopwatch();
  await Promise.allSettled([
    clock.part(partOf('probes', 'reach'), Promise.resolve()),
    clock.part(partOf('probes', 'names'), Promise.reject(new Error('lost'))),
  ]);
  clock.lap('probes');
  expect(Object.keys(clock.laps)).toEqual(['probes: reach', 'probes: names', 'probes']);
});

describe('the table', () => {
  const recordOf = (timings?: Timings): ReturnType<typeof recordWith> => {
    const record = recordWith([{ status: 'passed', score: 10 }]);
    return { ...record, labs: record.labs.map((lab) => ({ ...lab, ...(timings && { timings }) })) };
  };
  const run = runTimes([0, 500, 3000.4, 3040, 3100], [400, 500, 900]);

  test('has a submission’s phases in order, each with its parts, and the run’s', () => {
    const record = recordOf({ boot: 900, 'probes: reach': 1200, 'probes: names': 30, probes: 1250, judge: 40 });
    const [lab = ''] = record.labs.map((each) => each.lab);
    expect(timingsText([record], run).split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${lab} +ms$`)),
      expect.stringMatching(/^ {2}boot +900$/),
      expect.stringMatching(/^ {2}probes +1250$/),
      expect.stringMatching(/^ {4}reach +1200$/),
      expect.stringMatching(/^ {4}names +30$/),
      expect.stringMatching(/^ {2}judge +40$/),
      '',
      expect.stringMatching(/^the run +ms$/),
      expect.stringMatching(/^ {2}prepare +500$/),
      expect.stringMatching(/^ {2}grade +2500$/),
      expect.stringMatching(/^ {2}report +40$/),
      expect.stringMatching(/^ {2}remove +60$/),
      expect.stringMatching(/^ {2}destroy \(mean of 3, beside the rest\) +600$/),
    ]);
  });

  test('has the median and the slowest of several; who has none is left out', () => {
    const text = timingsText(
      [recordOf({ boot: 300 }), recordOf({ boot: 100 }), recordOf(), recordOf({ boot: 200 })],
      run,
    );
    expect(text).toMatch(/, 3 submissions +median ms +slowest ms\n {2}boot +200 +300\n/);
  });

  test('is aligned', () => {
    const [table = ''] = timingsText([recordOf({ boot: 5, 'new addresses': 12345 })], run).split('\n\n');
    expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
  });
});

test('of lab hosts that other machines remove nothing is said', () => {
  expect(runTimes([0, 1, 2, 3, 4])).toEqual({ timings: { prepare: 1, grade: 1, report: 1, remove: 1 } });
});
