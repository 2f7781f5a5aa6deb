import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked, type Token, type Tokens } from 'marked';
import { jobSummary } from '../../helpers/report/formats/github/job-summary.ts';
import { codeBlock, markdownText } from '../../helpers/report/markdown.ts';
import { oneLine } from '../../helpers/base/inert.ts';
import { anyRecord, HOSTILE, HOSTILE_LINES, recordOf, recordWith, RUNS } from '../helpers/records.ts';

const MIB = 1_048_576;
/** What our own parts of a summary consist of. */
const OURS = ['heading', 'space', 'paragraph', 'list', 'list_item', 'table', 'code', 'text', 'strong', 'escape'];

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** What a reader sees outside of code. */
function proseOf(markdown: string): string {
  return tokensOf(markdown)
    .filter((token) => token.type === 'text' || token.type === 'escape')
    .map((token) => (token as Tokens.Text).text)
    .join('\n')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

test('shows a table, and for a criterion that failed what was expected and seen, the evidence and the hint', () => {
  const evidence = [{ what: 'docker ps', output: 'CONTAINER ID\n```\n' }];
  const record = recordWith([
    { status: 'passed', score: 10 },
    { evidence },
    { status: 'skipped', blockedBy: 'c1', actual: 'no container' },
  ]);
  expect(jobSummary([record])).toBe(`## Autograding of alice: 10 / 30

### a-lab: 10 / 30

| | Criterion | Points |
|---|---|---|
| ✓ passed | rule 0 | 10 / 10 |
| ✗ failed | rule 1 | 0 / 10 |
| – not judged | rule 2 | 0 / 10 |

#### ✗ failed: rule 1

- **Expected:** it holds
- **Seen:** it does not hold
- **Hint:** look there

\`\`\`\`text
$ docker ps
CONTAINER ID
\`\`\`
\`\`\`\`

#### – not judged: rule 2

not judged, because of "rule 1" (c1): no container

`);
});

test('says that it has to be run again when something could not be graded', () => {
  const text = jobSummary([recordWith([{ status: 'error', actual: 'the engine died' }])]);
  expect(text).toContain('## Autograding of alice: not graded completely');
  expect(text).toContain('Run the job again.');
  expect(text).toContain('Not the student’s fault: the engine died');
});

describe('a student’s text', () => {
  test.each(HOSTILE_LINES)('%j stays text in a sentence', (line) => {
    const markdown = `- **Seen:** ${markdownText(line)}\n\n| a | b |\n|---|---|\n| ${markdownText(line)} | 1 |\n`;
    const tokens = tokensOf(markdown);
    expect(tokens.filter(({ type }) => !OURS.includes(type))).toEqual([]);
    const [table] = tokens.filter((token) => token.type === 'table');
    expect(table).toMatchObject({ rows: [[expect.anything(), { text: '1' }]] });
  });

  test('cannot be a link, an image, HTML or a mention in any record’s summary, nor change its tables', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const summary = jobSummary([record]);
        const tokens = tokensOf(summary);
        expect(tokens.map(({ type }) => type).filter((type) => !OURS.includes(type))).toEqual([]);
        expect(proseOf(summary)).not.toMatch(/@\w|#\d|https?:\/\/|www\./);
        // eslint-disable-next-line no-control-regex -- neither may steer what shows it
        expect(summary).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
        const rows = tokens
          .filter((token) => token.type === 'table')
          .map((table) => (table as Tokens.Table).rows.length);
        expect(rows).toEqual(record.labs.map(({ criteria }) => criteria.length).filter((length) => length > 0));
        const details = record.labs.flatMap(({ criteria }) => criteria.filter(({ status }) => status === 'failed'));
        const causes = record.labs.filter(({ cause }) => cause?.output !== undefined);
        expect(tokens.filter(({ type }) => type === 'code')).toHaveLength(
          details.reduce((sum, { evidence }) => sum + evidence.length, causes.length),
        );
      }),
      RUNS,
    );
  });

  test.each(HOSTILE_LINES)('%j can be read as it was written', (line) => {
    const html = marked.parseInline(markdownText(line), { async: false });
    const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
    const read = html.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string, name: string) =>
      code ? String.fromCharCode(Number(code)) : (named[name] ?? '?'),
    );
    expect(read.replaceAll('\u200c', '')).toBe(oneLine(line));
    // GitHub reads formulas before Markdown: no escape keeps them from it.
    expect(markdownText(line)).not.toContain('$');
  });

  test('would do all that without this', () => {
    const types = new Set(tokensOf(HOSTILE).map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(['link', 'image', 'html', 'code', 'strong']));
  });

  test('cannot end the fence it stands in', () => {
    expect(codeBlock('a\n`````\nb')).toBe('``````text\na\n`````\nb\n``````');
    expect(tokensOf(codeBlock(HOSTILE)).map(({ type }) => type)).toEqual(['code']);
  });

  test('is cut, and said to be, so that GitHub shows the summary', () => {
    const megabytes = `${HOSTILE}\n${'é`'.repeat(1_000_000)}`;
    const criteria = Array.from({ length: 60 }, (_, i) => ({
      title: `rule ${i}`,
      actual: megabytes,
      evidence: [{ what: 'cat it', output: megabytes }],
    }));
    const summary = jobSummary([recordWith(criteria)]);
    expect(Buffer.byteLength(summary)).toBeLessThan(MIB);
    expect(summary).toContain("characters in all; the student's JSON report has them)");
    expect(summary).toContain('(cut)');
    expect(summary.match(/^#### /gm)).toHaveLength(60);
  });
});

test('a class that has no room keeps whole lines, and says that it was cut', () => {
  const [lab] = recordWith(Array.from({ length: 400 }, () => ({ title: 'x'.repeat(100) }))).labs;
  const summary = jobSummary(Array.from({ length: 60 }, (_, i) => recordOf(`student-${i}`, [lab!])));
  expect(Buffer.byteLength(summary)).toBeLessThan(MIB);
  expect(summary).toMatch(/\nThis summary was cut: [^\n]*\n$/);
});
