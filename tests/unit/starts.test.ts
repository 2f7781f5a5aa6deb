/** What a person would start of the files that students hand in. */
import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../helpers/submission/contents.ts';
import { findStart, pathOf } from '../../helpers/submission/starts.ts';

const RUNS = 'docker run -d --name mongo mongo\n';

/** What would be started of these files: its path, several paths, or nothing. */
function startOf(files: Record<string, string>, only?: 'compose' | 'script'): string | string[] | undefined {
  const folders = new Set<string>();
  for (const file of Object.keys(files)) {
    const parts = file.split('/').slice(0, -1);
    parts.forEach((_, i) => folders.add(parts.slice(0, i + 1).join('/')));
  }
  const entries: Entry[] = [
    ...[...folders].map((name) => ({ kind: 'folder' as const, name })),
    ...Object.keys(files).map((name) => ({ kind: 'file' as const, name })),
  ];
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  const found = findStart({ entries, texts }, only);
  if (found === undefined) return undefined;
  return 'several' in found ? found.several : `${found.how} ${pathOf(found)}`;
}

describe('in one folder', () => {
  // prettier-ignore
  test.each<[string, Record<string, string>, string | string[] | undefined]>([
    ['Compose’s names in its own order', { 'docker-compose.yaml': '', 'docker-compose.yml': '', 'x.yaml': '' }, 'compose docker-compose.yml'],
    ['a name with capitals', { 'Docker-Compose.YML': '' }, 'compose Docker-Compose.YML'],
    ['the exact name, of two that differ in case', { 'Compose.yaml': '', 'compose.yaml': '' }, 'compose compose.yaml'],
    ['an override file is none', { 'compose.override.yaml': '' }, undefined],
    ['run.sh beside a Compose file that it does not call', { 'run.sh': RUNS, 'compose.yml': '' }, 'compose compose.yml'],
    ['run.sh that calls Compose', { 'run.sh': 'docker network create a\ndocker compose up -d', 'compose.yml': '' }, 'script run.sh'],
    ['the old program', { 'run.sh': 'sudo docker-compose up', 'compose.yml': '' }, 'script run.sh'],
    ['a variable', { 'run.sh': 'DC="docker compose"\n$DC -f x.yml up', 'compose.yml': '' }, 'script run.sh'],
    ['a function', { 'run.sh': 'dc() { docker compose "$@"; }\ndc up', 'compose.yml': '' }, 'script run.sh'],
    ['another script', { 'run.sh': 'bash ./lib/up.sh', 'lib/up.sh': 'docker compose up -d', 'compose.yml': '' }, 'script run.sh'],
    ['make', { 'run.sh': 'make up', Makefile: 'up:\n\t@docker compose up -d\n', 'compose.yml': '' }, 'script run.sh'],
    ['a comment that calls Compose', { 'run.sh': `# docker compose up\n${RUNS}`, 'compose.yml': '' }, 'compose compose.yml'],
    ['a message that names it', { 'run.sh': 'echo "then: docker compose up"; printf docker-compose up\n', 'compose.yml': '' }, 'compose compose.yml'],
    ['a question for it', { 'run.sh': 'command -v docker-compose || apt-get install -y docker-compose\n', 'compose.yml': '' }, 'compose compose.yml'],
    ['a text that is written into a file', { 'run.sh': 'cat > README <<EOF\ndocker compose up\nEOF\n', 'compose.yml': '' }, 'compose compose.yml'],
    ['run.sh that only ends what Compose started', { 'run.sh': 'docker compose down\n', 'compose.yml': '' }, 'compose compose.yml'],
    ['a script that makes what the Compose file takes as there', { 'start.sh': 'docker network create a\ndocker compose up -d', 'compose.yml': 'networks: { a: { external: true } }' }, 'script start.sh'],
    ['a script that builds an image that it takes as there', { 'go.sh': 'docker build -t mine .\ndocker compose up -d', 'compose.yml': 'services: { a: { image: mine } }' }, 'script go.sh'],
    ['a script that makes them in a loop', { 'up.sh': 'for n in a b; do docker network create $n; done\ndocker compose up', 'compose.yml': 'networks: { a: { external: true } }' }, 'script up.sh'],
    ['a script that does nothing more than Compose', { 'start.sh': 'docker compose up -d', 'compose.yml': 'networks: { a: {} }' }, 'compose compose.yml'],
    ['the only script', { 'start.sh': RUNS, 'notes.txt': '' }, 'script start.sh'],
    ['the only script that starts something', { 'start.sh': RUNS, 'stop.sh': 'docker rm -f mongo', 'test.sh': 'docker run --rm alpine ping mongo' }, 'script start.sh'],
    ['the script that calls the others', { 'all.sh': 'for f in db web; do :; done; ./db.sh && ./web.sh', 'db.sh': RUNS, 'web.sh': 'docker run -d nginx' }, 'script all.sh'],
    ['scripts of which nobody knows', { 'db.sh': RUNS, 'web.sh': 'docker run -d nginx' }, ['db.sh', 'web.sh']],
    ['scripts of which one makes what the other takes as there', { '1-nets.sh': 'docker network create a', '2-run.sh': 'docker run -d --net=a mongo', 'stop.sh': 'docker network rm a' }, ['2-run.sh', '1-nets.sh']],
    ['a script that makes all that it needs, beside one that makes some of it', { 'nets.sh': 'docker network create a', 'up.sh': 'docker network create a\ndocker run -d --network a mongo' }, 'script up.sh'],
    ['a script beside one that makes other things', { 'push.sh': 'docker build -t me/x .', 'up.sh': RUNS }, 'script up.sh'],
    ['a script whose program is not to be read', { 'go.sh': 'python3 deploy.py' }, 'script go.sh'],
    ['RUN.SH', { 'RUN.SH': 'x' }, 'script RUN.SH'],
  ])('%s', (_, files, expected) => {
    expect(startOf(files)).toEqual(expected);
  });

  test('what submission.yaml says it has to be', () => {
    const files = { 'run.sh': 'x', 'compose.yaml': '' };
    expect([startOf(files, 'script'), startOf(files, 'compose')]).toEqual(['script run.sh', 'compose compose.yaml']);
  });
});

describe('in sub-folders', () => {
  // prettier-ignore
  test.each<[string, Record<string, string>, string | string[] | undefined]>([
    ['two levels down', { 'Exercise/solution/compose.yaml': '', 'README.md': '' }, 'compose Exercise/solution/compose.yaml'],
    ['the level nearest to the top', { 'a/compose.yaml': '', 'b/c/compose.yaml': '' }, 'compose a/compose.yaml'],
    ['a file for each of two folders', { 'nginx/docker-compose.yml': '', 'flask/docker-compose.yml': '' }, ['nginx/docker-compose.yml', 'flask/docker-compose.yml']],
    ['a script', { 'project/run.sh': RUNS, 'project/web/Dockerfile': '' }, 'script project/run.sh'],
    ['what an image starts is none', { 'app/entrypoint.sh': 'exec python server.py', 'app/Dockerfile': '', 'deploy/up.sh': RUNS }, 'script deploy/up.sh'],
    ['nor if it is called run.sh', { 'app/run.sh': 'exec gunicorn', 'app/Dockerfile': '', 'deploy/compose.yml': '' }, 'compose deploy/compose.yml'],
    ['a helper at the top that starts nothing', { 'clean.sh': 'docker rm -f a', 'project/compose.yaml': '' }, 'compose project/compose.yaml'],
    ['folders of programs', { 'node_modules/x/compose.yaml': '', '__MACOSX/compose.yaml': '', '.idea/compose.yaml': '', 'env/pyvenv.cfg': '', 'env/x/run.sh': RUNS, 'a/compose.yml': '' }, 'compose a/compose.yml'],
    ['a folder of images alone', { 'nginx/Dockerfile': '', 'flask/Dockerfile': '' }, undefined],
  ])('%s', (_, files, expected) => {
    expect(startOf(files)).toEqual(expected);
  });
});
