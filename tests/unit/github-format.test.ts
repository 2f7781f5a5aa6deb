import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../../helpers/base/failure.ts';
import { ProgressLines } from '../../helpers/cli/progress.ts';
import type { Place } from '../../helpers/report/formats/format.ts';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { annotations } from '../../helpers/report/formats/github/annotations.ts';
import { annotation, resumeCommands, stopCommands } from '../../helpers/report/formats/github/commands.ts';
import { autogradingResult, fits, type AutogradingResult } from '../../helpers/report/formats/github/result.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { studentText } from '../../helpers/report/terminal.ts';
import { obeyed } from '../helpers/github-runner.ts';
import { HOSTILE, hostileRecord, NOW, recordWith, RUNS } from '../helpers/records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-github-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A step of a job: its files, and what it prints on both streams in the order in which it was written. */
function step(): Place & { printed: () => string; output: string; summary: string } {
  const [output, summary] = [path.join(folder, 'output'), path.join(folder, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  let printed = '';
  const write = (text: string): boolean => ((printed += text), true);
  const env = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  return { out: folder, env, now: NOW, stdout: { write }, stderr: { write }, printed: () => printed, output, summary };
}

function outputsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const pairs = lines.map((line): [string, string] => [line.replace(/=.*/, ''), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
}

function decoded(result: string | undefined): AutogradingResult {
  return JSON.parse(Buffer.from(result ?? '', 'base64').toString('utf8')) as AutogradingResult;
}

describe('annotations', () => {
  test('say the points in the words other programs look for', () => {
    expect(annotations([recordWith([{ status: 'passed', score: 10 }, {}])])).toEqual([
      '::error title=rule 1::expected: it holds; seen: it does not hold; hint: look there',
      '::notice title=Autograding complete::Points 10/20',
      '::notice title=Autograding report::{"totalPoints":10,"maxPoints":20}',
    ]);
  });

  test('say no points when nothing is handed in', () => {
    const { labs, ...record } = recordWith([]);
    const missing = {
      ...record,
      labs: labs.map((lab) => ({ ...lab, status: 'missing' as const, message: 'not there' })),
    };
    expect(annotations([missing])).toEqual(['::error title=a-lab::missing: not there']);
  });

  test('say no points when something could not be graded, but that it has to be run again', () => {
    const lines = annotations([recordWith([{ status: 'passed', score: 10 }, { status: 'error' }])]);
    expect(lines.join('\n')).toMatch(/^::error title=Could not be graded::One criterion .* run this job again\.$/);
    expect(lines.join('\n')).not.toContain('Points 1');
  });

  test.each([
    [10, 10, undefined],
    [11, 10, '2 more criteria are not met'],
    [40, 10, '31 more criteria are not met'],
  ])('of %d failures GitHub is given %d', (failures, shown, rest) => {
    const failed = annotations([recordWith(Array.from({ length: failures }, () => ({})))]).filter((line) =>
      line.startsWith('::error'),
    );
    expect(failed).toHaveLength(shown);
    expect(failed.at(-1)).toContain(rest ?? 'it does not hold');
  });

  test('escape what the runner unescapes', () => {
    expect(annotation('error', 'a: b, c%0A\n', '100%0A\r\nok: a, b')).toBe(
      '::error title=a%3A b%2C c%250A%0A::100%250A·%0Aok: a, b',
    );
  });

  test('carry any text to the runner and make it obey nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom('error', 'warning'), fc.string({ unit: 'binary' }), (level, text) => {
        const [only, ...others] = obeyed(annotation(level, `${HOSTILE}${text}`, `${text}${HOSTILE}`));
        expect([only?.command, others]).toEqual([level, []]);
        expect(Object.keys(only!.properties)).toEqual(['title']);
      }),
      RUNS,
    );
  });
});

describe('what a runner obeys of a whole run', () => {
  async function run(record: StudentRecord): Promise<ReturnType<typeof obeyed>> {
    const place = step();
    const formats = new ChosenFormats(['github'], place);
    place.stderr.write(`${HOSTILE}\n`);
    place.stdout.write(`${studentText(record, { colours: false })}\n`);
    place.stderr.write(`${HOSTILE}\nand no line break at the end`);
    await formats.write([record]);
    return obeyed(place.printed());
  }

  test('is ours alone, however hostile the record is', async () => {
    const [stop, ...others] = await run(hostileRecord(HOSTILE));
    expect(stop).toMatchObject({ command: 'stop-commands', data: expect.stringMatching(/^[0-9a-f]{48}$/) });
    expect(others.map(({ command }) => command)).toEqual([
      ...Array.from({ length: 10 }, () => 'error'),
      ...Array.from({ length: 10 }, () => 'warning'),
      'notice',
      'notice',
      'stop-commands',
    ]);
    expect(others.at(-2)!.data).toBe('{"totalPoints":0,"maxPoints":300}');
  });

  test('would be the student’s without all this', () => {
    expect(obeyed(HOSTILE).map(({ command }) => command)).toEqual(['error', 'notice', 'stop-commands']);
  });

  test('begins with a token that no two runs share', () => {
    const tokens = [1, 2].map(() => {
      let printed = '';
      stopCommands({ write: (text) => (printed += text) }, { write: () => undefined });
      return printed;
    });
    expect(new Set(tokens).size).toBe(2);
  });

  test('goes through one stream, so that nothing late is obeyed after commands are resumed', () => {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const streams = {
      out: { write: (text: string) => stdout.push(text) },
      err: { write: (text: string) => stderr.push(text) },
    };
    stopCommands(streams.out, streams.err);
    streams.err.write('progress\n');
    resumeCommands(streams.out);
    expect([stdout.length, stdout[1], stderr]).toEqual([3, 'progress\n', []]);
  });

  test.each([[['json']], [['markdown', 'junit', 'gradescope']], [['github']]])(
    'is nothing that a student wrote, with --format %j where a runner is there',
    async (names) => {
      const place = step();
      const onRunner = { ...place, env: { GITHUB_ACTIONS: 'true' } };
      stopCommands(place.stdout, place.stderr); // as the command does that is run
      const formats = new ChosenFormats(names, onRunner);
      const record = hostileRecord(HOSTILE);
      const message = `unknown key "\n::notice ::earned 100\n"`;
      const screen = { isTTY: false, write: (text: string) => place.stderr.write(text) };
      new ProgressLines(screen, 1, (lab) => lab).finished(record.student, {
        ...record.labs[0]!,
        message,
        status: 'invalid',
      });
      place.stdout.write(`${studentText(record, { colours: false })}\n`);
      await formats.write([record]);
      place.stderr.write(`said after the reports: ${HOSTILE}\n`);
      resumeCommands(place.stdout);
      const commands = obeyed(`${place.printed()}::debug::by whoever comes next\n`).map(({ command }) => command);
      const ours = ['stop-commands', 'debug', ...(names.includes('github') ? ['error', 'warning', 'notice'] : [])];
      expect(new Set(commands)).toEqual(new Set(ours));
      expect(commands.at(-1)).toBe('debug');
    },
  );

  test('is no line of a student’s where no stop was printed: progress and what is said are one line', () => {
    const place = step();
    const screen = { isTTY: false, write: (text: string) => place.stdout.write(text) };
    const progress = new ProgressLines(screen, 1, (lab) => lab);
    const lab = { ...hostileRecord(HOSTILE).labs[0]!, status: 'invalid', message: `key "\n${HOSTILE}"` } as const;
    progress.finished(HOSTILE, lab);
    progress.note(`a note\n${HOSTILE}`);
    progress.end();
    expect(place.printed().trimEnd().split('\n')).toHaveLength(2);
    expect(obeyed(place.printed())).toEqual([]);
  });

  test('says so when the run ended before there was a record', () => {
    const place = step();
    const formats = new ChosenFormats(['github'], place);
    place.stderr.write(`netgrade: ${HOSTILE}\n`);
    formats.failed(`Docker did not answer\n${HOSTILE}`);
    expect(obeyed(place.printed()).map(({ command }) => command)).toEqual(['stop-commands', 'error', 'stop-commands']);
    expect(obeyed(place.printed())[1]!.data).toMatch(/^Docker did not answer/);
  });

  test('is nothing of ours when no runner is there and no format is for one', async () => {
    const place = step();
    await new ChosenFormats(['json'], place).write([recordWith([{}])]);
    expect(place.printed()).toBe('');
  });
});

describe('a step’s files', () => {
  test('have no result, but a word about it, when names and scores alone are too much', async () => {
    const place = step();
    const record = recordWith(
      Array.from({ length: 5000 }, () => ({ title: 'a rule of forty characters or thereabouts' })),
    );
    expect(fits(autogradingResult([record]))).toBe(false);
    await new ChosenFormats(['github'], place).write([record]);
    expect(outputsIn(place.output)).toEqual({ score: '0', 'max-score': '50000' });
    expect(place.printed()).toContain('The output "result" was left out');
  });

  test('get the outputs and the summary', async () => {
    const place = step();
    writeFileSync(place.output, 'reports=somewhere\n');
    await new ChosenFormats(['github'], place).write([recordWith([{ status: 'passed', score: 10 }, {}])]);
    const { result, ...others } = outputsIn(place.output);
    expect(others).toEqual({ reports: 'somewhere', score: '10', 'max-score': '20' });
    expect(decoded(result)).toMatchObject({ status: 'fail', max_score: 20 });
    expect(readFileSync(place.summary, 'utf8')).toContain('## Autograding of alice: 10 / 20');
  });

  test('get no points when something could not be graded', async () => {
    const place = step();
    await new ChosenFormats(['github'], place).write([recordWith([{ status: 'error' }])]);
    expect(Object.keys(outputsIn(place.output))).toEqual(['result']);
  });

  test('are files in the reports folder outside of Actions', async () => {
    const place = { ...step(), env: {} };
    await new ChosenFormats(['github'], place).write([recordWith([{}])]);
    expect(JSON.parse(readFileSync(path.join(folder, 'github-result.json'), 'utf8'))).toMatchObject({ max_score: 10 });
    expect(readFileSync(path.join(folder, 'github-summary.md'), 'utf8')).toContain('rule 0');
    expect(readFileSync(place.output, 'utf8')).toBe('');
  });
});

test('a format for one student is refused for several, before they are graded', () => {
  const formats = new ChosenFormats(['json', 'classroom50'], step());
  expect(() => {
    formats.checkFor(2, []);
  }).toThrow(UsageError);
  expect(() => {
    formats.checkFor(1, []);
  }).not.toThrow();
});
