/** Which containers are started once more, because another one of their project was not there yet. */
import { expect, test } from '@jest/globals';
import type { ContainerFacts } from '../../helpers/survey/facts.ts';
import { startedAgainText, tooEarly } from '../../helpers/survey/start-again.ts';
import { container } from '../helpers/facts.ts';

const OUTPUT = 'nginx: [emerg] host not found in upstream "flask-app" in /etc/nginx/conf.d/default.conf:5\n';

function containers(front: Partial<ContainerFacts> = {}, app: Partial<ContainerFacts> = {}): ContainerFacts[] {
  const net = { network: 'public', networkId: 'p1' } as ContainerFacts['attachments'][number];
  const web = container({ name: 'lab-nginx-1', service: 'nginx', project: 'lab', attachments: [net] });
  const late = container({ name: 'lab-flask-app-1', service: 'flask-app', project: 'lab', attachments: [net] });
  const over = { status: 'exited', running: false, pid: 0, exitCode: 1, startedAt: '2026-12-01T07:00:01.100Z' };
  return [
    { ...web, lastOutput: OUTPUT, state: { ...web.state, ...over }, ...front },
    { ...late, state: { ...late.state, startedAt: '2026-12-01T07:00:01.300Z' }, ...app },
  ];
}

test('a container that did not find one that was started after it', () => {
  const found = tooEarly(containers());
  expect(found).toEqual([{ container: 'lab-nginx-1', missed: 'flask-app' }]);
  expect(startedAgainText(found[0]!)).toContain('depends_on: [flask-app]');
});

test.each([
  ['it ended for another reason', containers({ lastOutput: 'unexpected "}" in /etc/nginx/conf.d/default.conf:5' })],
  ['it looked for a name that nobody has', containers({ lastOutput: OUTPUT.replace('flask-app', 'flaskapp') })],
  ['they share no network', containers({ attachments: [] })],
  ['a script started them in its own order', containers({}, { project: 'another' })],
])('not if %s', (_, seen) => {
  expect(tooEarly(seen)).toEqual([]);
});

test('not if the other one was there before, or has ended, too', () => {
  const [front, app] = containers();
  const sooner = { ...app!, state: { ...app!.state, startedAt: '2026-12-01T07:00:00.000Z' } };
  expect(tooEarly([front!, sooner])).toEqual([]);
  expect(tooEarly([front!, { ...app!, state: { ...front!.state } }])).toEqual([]);
});
