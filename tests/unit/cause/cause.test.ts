/** The cause of a lab that was not brought up, as its reader is told it. */
import { describe, expect, test } from '@jest/globals';
import type { DeploymentFacts } from '../../../helpers/deploy/deployment-facts.ts';
import type { TracedCommand } from '../../../helpers/deploy/trace.ts';
import { causeOf } from '../../../helpers/judge/cause/cause.ts';
import type { ContainerFacts, Survey } from '../../../helpers/survey/facts.ts';
import { container } from '../../helpers/facts.ts';
import { HOSTILE, LONG_LINE } from '../../helpers/records.ts';
import { changed, recorded } from '../../helpers/surveys.ts';

const good = recorded('nginx-flask-mongo');
const ROLES = ['nginx', 'flask-app', 'mongo'];

/** How a container is, beside its name: it has ended, it was never started, … */
type As = Partial<ContainerFacts['state']> & Pick<ContainerFacts, 'lastOutput' | 'binds'>;

function ended(exitCode: number, lastOutput: string): As {
  return { status: 'exited', running: false, pid: 0, exitCode, lastOutput };
}

/** A survey with these containers, each in the role that it is called after. */
function survey(deployment: Partial<DeploymentFacts>, containers: Record<string, As>): Survey {
  return changed(good, (draft) => {
    Object.assign(draft.deployment, { directory: 'nginx-flask-mongo', ...deployment });
    draft.containers = Object.entries(containers).map(([name, { lastOutput, binds, ...state }]) => {
      const facts = container({ name, ...(lastOutput !== undefined && { lastOutput }), ...(binds && { binds }) });
      return { ...facts, state: { ...facts.state, ...state } };
    });
    draft.roles = Object.fromEntries(
      ROLES.map((role) => [
        role,
        role in containers ? { found: 'one', container: role, by: 'container name' } : { found: 'none' },
      ]),
    );
    draft.history = [];
  });
}

function script(output: string, commands: (Partial<TracedCommand> & { command: string })[]): Partial<DeploymentFacts> {
  const traced = commands.map((each, i) => ({ file: 'run.sh', line: i + 1, ...each }));
  const end = traced.find(({ ends }) => ends);
  return { how: 'script', command: 'bash run.sh', output, commands: traced, exitCode: end?.exitCode ?? 0 };
}

function says(seen: Survey): string {
  return causeOf(seen)?.says ?? '(no cause)';
}

test('a name in submission.yaml that no container has is said to be wrong', () => {
  const seen = changed(survey({ how: 'compose', exitCode: 0 }, { 'flask-app': {}, mongo: {}, web: {} }), (draft) => {
    draft.roles['nginx'] = { found: 'none', named: 'webserver' };
  });
  expect(says(seen)).toMatch(
    /^no container was found for nginx \(submission.yaml says “nginx: webserver”, and no container is called so\); these containers have no role: web;/,
  );
});

test('there is none where all went well, or where only answers were handed in', () => {
  expect(causeOf(good)).toBeUndefined();
  expect(causeOf(survey({ how: 'live' }, { nginx: {}, 'flask-app': {}, mongo: {} }))).toBeUndefined();
});

describe('Compose', () => {
  const failed = (output: string, containers: Record<string, As> = {}): Survey =>
    survey({ output, exitCode: 1, command: 'docker compose up --detach', file: 'compose.yaml' }, containers);

  // Printed by Docker Compose 2.40.3.
  test.each([
    'service "flask-app" refers to undefined network public-net-1: invalid compose project',
    "validating /home/student/nginx-flask-mongo/compose.yaml: services.networks additional properties 'public-net-1', 'private-net-1' not allowed",
    'yaml: line 1: did not find expected key',
    'validating /home/student/nginx-flask-mongo/compose.yaml: services.web.ports must be a array',
    'service "web" depends on undefined service "db": invalid compose project',
    'failed to parse /home/student/nginx-flask-mongo/compose.yaml: line 4: mapping key "web" already defined at line 2',
  ])('does not understand its file: %s', (line) => {
    const cause = causeOf(
      failed(`time="2026-12-01" level=warning msg="the attribute version is obsolete"\n${line}\n`),
    )!;
    const inside = line.replace('/home/student/nginx-flask-mongo/', '');
    expect(cause.says).toBe(`Compose cannot read compose.yaml: ${inside}`);
    expect(cause.what).toBe('cd nginx-flask-mongo && docker compose up --detach');
    expect(cause.output).toContain(line);
  });
});

describe('a build', () => {
  // Printed by BuildKit in Docker Engine 28.5.2, through Compose 2.40.3.
  const copy =
    'target flask-app: failed to solve: failed to compute cache key: failed to calculate checksum of ref 3291257e-0ea8-427d-9bc0-45a709cec79e::coebu4s3p5os3nanbszvm7vhb: "/reqs.txt": not found\n';
  // In the form that BuildKit documents; not printed on a machine of ours.
  const run =
    '#9 ERROR: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 1\n------\n > [flask-app builder 4/5] RUN pip install -r requirements.txt:\n0.912 Collecting flaskk\n1.204 ERROR: No matching distribution found for flaskk\n------\nDockerfile:5\n--------------------\n   5 | >>> RUN pip install -r requirements.txt\n--------------------\ntarget flask-app: failed to solve: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 1\n';

  test('failed: the step, and its last lines first', () => {
    const cause = causeOf(survey({ exitCode: 1, output: run }, {}))!;
    expect(cause.says).toBe(
      'the image of flask-app could not be built: "RUN pip install -r requirements.txt" failed: ERROR: No matching distribution found for flaskk',
    );
    expect(cause.output).toMatch(/^Collecting flaskk\nERROR: No matching/);
  });

  test('failed, and BuildKit itself says why', () => {
    const step = `------\n > [flask-app 3/5] COPY reqs.txt .:\n------\n${copy}`;
    expect(says(survey({ exitCode: 1, output: step }, {}))).toBe(
      'the image of flask-app could not be built: "COPY reqs.txt ." failed: "/reqs.txt": not found',
    );
  });

  test('failed in a script that went on: its line, and the name that the script gives', () => {
    const seen = survey(
      script(
        run.replaceAll('flask-app builder ', 'builder ').replace('target flask-app: ', 'ERROR: failed to build: '),
        [
          { command: 'docker build -t my-app app', exitCode: 1 },
          { command: 'docker run -d --name flask-app my-app', exitCode: 125 },
        ],
      ),
      {},
    );
    expect(says(seen)).toMatch(/^run.sh, line 1: the image of my-app could not be built: "RUN pip/);
  });

  test('failed with the old builder', () => {
    // In the form of Docker Engine 20.10; not printed on a machine of ours.
    const old =
      "Step 2/3 : RUN make\n ---> Running in 0123456789ab\nmake: *** No targets specified and no makefile found.  Stop.\nThe command '/bin/sh -c make' returned a non-zero code: 2\n";
    expect(says(survey({ exitCode: 1, output: old }, {}))).toMatch(/could not be built: "RUN make" failed: .*make/);
  });
});

describe('a script', () => {
  test('was ended by a command under set -e: its line, and what it printed', () => {
    const seen = survey(
      script('Error response from daemon: network public-net-1 not found\n', [
        { command: 'set -e' },
        { command: 'docker network rm public-net-1', exitCode: 1, ends: true },
      ]),
      {},
    );
    expect(says(seen)).toBe(
      'run.sh ended at line 2, because `docker network rm public-net-1` failed (exit code 1): Error response from daemon: network public-net-1 not found; on a fresh machine there is nothing to remove yet, and “set -e” ends a script at the first command that fails',
    );
  });

  test('waited for input', () => {
    const seen = survey(
      script('Press enter', [{ command: 'set -e' }, { command: 'read -p "Press enter "', exitCode: 1, ends: true }]),
      {},
    );
    expect(says(seen)).toContain('`read -p "Press enter "` failed (exit code 1); nobody types anything here');
  });

  test('offered a menu, and nobody chose', () => {
    const facts = { ...script('1) start\n#? \n', [{ command: 'select choice in start stop' }]), exitCode: 1 };
    expect(says(survey(facts, {}))).toMatch(/^run.sh ended at line 1 \(`select choice in start stop`\); nobody types/);
  });

  test('asked in vain, and did nothing, or went on asking', () => {
    const facts = script('', [{ command: 'read -p "start? " x', exitCode: 1 }, { command: 'case "$x" in' }]);
    expect(says(survey(facts, {}))).toMatch(/^run.sh, line 1: `read -p "start\? " x` got no answer; nobody types/);
    expect(says(survey({ ...facts, exitCode: null, timedOut: true, ms: 40_000 }, {}))).toMatch(
      /its time limit: it went on asking with `read -p "start\? " x` \(run.sh, line 1\); nobody types/,
    );
  });

  test('wants an argument', () => {
    const facts = { ...script('Usage: run.sh {start|stop}\n', [{ command: 'exit 1' }]), exitCode: 1 };
    expect(says(survey(facts, {}))).toBe(
      'run.sh ended itself at line 1 (`exit 1`): Usage: run.sh {start|stop}; a script is started without arguments',
    );
  });

  test('was still in a loop when its time was up', () => {
    const turn = [
      { command: 'nc -z localhost 27017', line: 2 },
      { command: 'sleep 2', line: 3 },
    ];
    const facts = script('', [{ command: 'docker run -d mongo', line: 1 }, ...turn, ...turn]);
    expect(says(survey({ ...facts, exitCode: null, timedOut: true, ms: 40_000 }, {}))).toBe(
      'run.sh was stopped after 40 s, its time limit: it was still in the loop that begins with `nc -z localhost 27017` (run.sh, line 2)',
    );
  });

  test('removed everything in a trap when it ended', () => {
    const seen = survey(script('', [{ command: 'trap cleanup EXIT' }, { command: 'docker run -d mongo' }]), {});
    const gone = changed(seen, (draft) => {
      draft.history = [{ action: 'start', container: 'one that is gone' }] as typeof draft.history;
    });
    expect(says(gone)).toBe('your script removed its containers again (`trap cleanup EXIT`, run.sh, line 1)');
  });

  test('was ended by a test that was meant to fail', () => {
    const seen = survey(
      script("ping: bad address 'alpine3'\n", [
        { command: 'docker exec alpine1 ping -c 2 alpine3', exitCode: 1, ends: true },
      ]),
      {},
    );
    expect(says(seen)).toMatch(/ping -c 2 alpine3.*bad address 'alpine3'.*nothing after it was run/);
  });

  test('still waited for a container in the foreground when its time was up', () => {
    const facts = script('', [
      { command: 'docker network create public-net-1' },
      { command: 'docker run --name mongo --network private-net-1 mongo' },
    ]);
    const seen = survey({ ...facts, exitCode: null, timedOut: true, ms: 40_123 }, { mongo: {} });
    expect(says(seen)).toBe(
      'run.sh was stopped after 40 s, its time limit: it was still waiting for `docker run --name mongo --network private-net-1 mongo` (run.sh, line 2), which runs in the foreground: add -d, so that the script goes on',
    );
  });

  test.each([
    ['docker compose down', 'removed'],
    ['docker container rm alpine1 alpine2', 'removed'],
    ['docker rm -f nginx', 'removed'],
  ])('took everything down again: %s', (command, did) => {
    const seen = survey(script('', [{ command: 'docker compose up -d' }, { command: 'sleep 5' }, { command }]), {});
    expect(says(seen)).toBe(`your script ${did} its containers again (\`${command}\`, run.sh, line 3)`);
  });

  test('took everything down in a trap, or its containers removed themselves', () => {
    const started = { action: 'start', at: '1', container: 'gone' } as const;
    const trapped = changed(
      survey(
        script('', [
          { command: 'trap "docker compose down" EXIT' },
          { command: 'docker compose up -d' },
          { command: 'echo' },
        ]),
        {},
      ),
      (draft) => {
        draft.history = [started];
      },
    );
    expect(says(trapped)).toBe(
      'your script removed its containers again (`trap "docker compose down" EXIT`, run.sh, line 1)',
    );
    const removed = changed(
      survey(script('', [{ command: 'docker run -d --rm --name flask-app x' }]), { nginx: {}, mongo: {} }),
      (draft) => {
        draft.history = [started];
      },
    );
    expect(says(removed)).toMatch(/--rm removed it together with its log.*leave out --rm/);
  });

  test('ended itself after something failed that it had an eye on', () => {
    const seen = survey(
      {
        ...script('Error: it is not there\n', [
          { command: 'sh setup.sh', line: 3 },
          { command: 'exit 1', line: 3 },
        ]),
        exitCode: 1,
      },
      {},
    );
    expect(says(seen)).toBe('run.sh ended itself at line 3 (`sh setup.sh`, then `exit 1`): Error: it is not there');
  });

  test('that cleans up first and then fails has not taken anything down', () => {
    const seen = survey(
      script('docker: Error response from daemon: pull access denied for my-app\n', [
        { command: 'docker rm -f nginx', exitCode: 1 },
        { command: 'docker run -d --name nginx my-app', exitCode: 125 },
        { command: 'docker run -d --name flask-app my-app', exitCode: 125 },
      ]),
      {},
    );
    expect(says(seen)).toMatch(
      /^run.sh, line 2: `docker run -d --name nginx my-app` failed \(exit code 125\): .*pull access denied/,
    );
  });

  test('has several commands that failed: each has said its own error', () => {
    const run = { command: 'docker run -it --name flask-app my-flask-app', exitCode: 1 };
    const seen = survey(
      // Printed by the Docker CLI 28.5.2 without a terminal.
      script(
        'the input device is not a TTY\nError response from daemon: No such container: flask-app\nthe input device is not a TTY\n',
        [
          run,
          { command: 'docker network connect a flask-app', exitCode: 1 },
          { ...run, command: 'docker run -it --name nginx x' },
        ],
      ),
      { mongo: {} },
    );
    expect(says(seen)).toMatch(
      /^run.sh, line 1: .* failed \(exit code 1\): the input device is not a TTY; leave out -t/,
    );
  });

  test('called a program that is not there', () => {
    const seen = survey(
      script('run.sh: line 1: make: command not found\n', [{ command: 'make up', exitCode: 127 }]),
      {},
    );
    expect(says(seen)).toBe('run.sh, line 1: `make up` failed (exit code 127): make: command not found');
  });

  test('has a syntax error', () => {
    const seen = survey(
      { ...script("run.sh: line 7: syntax error near unexpected token `fi'\nrun.sh: line 7: `fi'\n", []), exitCode: 2 },
      {},
    );
    expect(says(seen)).toContain("run.sh ended at line 7: syntax error near unexpected token `fi'");
  });

  test('that ended well made nothing', () => {
    expect(says(survey(script('hello\n', [{ command: 'echo hello' }]), {}))).toBe(
      'bash run.sh ended well, but there is no container',
    );
  });

  test('that only ends with a failure, while everything runs, is told so', () => {
    const seen = survey(
      { ...script('', [{ command: 'docker compose up -d' }, { command: 'grep x y', exitCode: 2 }]), exitCode: 2 },
      { nginx: {}, 'flask-app': {}, mongo: {} },
    );
    expect(says(seen)).toMatch(
      /^everything that the task asks for runs, but bash run.sh ended with exit code 2.*line 2/,
    );
  });
});

test('of several images that were built at once, the one that could not be built is named', () => {
  // Printed by Docker Compose 2.40.3 on Engine 28.5.2 (shortened): only the step that was cancelled is listed.
  const output = [
    '#2 [flask-app internal] load build definition from Dockerfile',
    '#2 transferring dockerfile: 2B 0.1s done',
    '#5 [nginx internal] load .dockerignore',
    '#5 ERROR: rpc error: code = Unavailable desc = error reading from server: connection reset by peer',
    '------',
    ' > [nginx internal] load .dockerignore:',
    '------',
    'target flask-app: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
  ].join('\n');
  const seen = survey({ output, exitCode: 1, command: 'docker compose up --detach', file: 'compose.yaml' }, {});
  expect(says(seen)).toBe(
    'the image of flask-app could not be built: failed to read dockerfile: open Dockerfile: no such file or directory',
  );
});

describe('containers', () => {
  const python =
    'Traceback (most recent call last):\n  File "/app/server.py", line 3, in <module>\n    import flask\nModuleNotFoundError: No module named \'flask\'\n';
  const upstream = 'nginx: [emerg] host not found in upstream "flask-app" in /etc/nginx/conf.d/default.conf:5';

  test('the one that ended by itself is the root, and the one that misses it follows', () => {
    const cause = causeOf(survey({}, { nginx: ended(1, upstream), 'flask-app': ended(1, python), mongo: {} }))!;
    expect(cause.says).toBe(
      "flask-app ended (exit code 1): ModuleNotFoundError: No module named 'flask'; so nginx did not find flask-app",
    );
    expect(cause.what).toBe('docker logs --tail 15 flask-app');
    expect(cause.output).toContain('import flask');
  });

  test('a port that is taken: which container, and which port', () => {
    // Printed by Docker Engine 28.5.2 for Docker Compose 2.40.3.
    const output = `Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint lab-nginx-1 (${'4387ba66'.repeat(8)}): Bind for 0.0.0.0:8080 failed: port is already allocated`;
    const seen = survey({ output, exitCode: 1 }, { nginx: {}, 'flask-app': {} });
    expect(says(seen)).toBe(
      'docker compose up failed: lab-nginx-1: Bind for 0.0.0.0:8080 failed: port is already allocated',
    );
  });

  test('one that ended by itself is said before one that only did not find another, which runs', () => {
    const seen = survey({}, { nginx: ended(1, upstream), 'flask-app': {}, mongo: ended(2, 'unknown option --authh') });
    expect(says(seen)).toBe(
      `mongo ended (exit code 2): unknown option --authh; besides, nginx ended (exit code 1): ${upstream}`,
    );
  });

  test('all were made, and nobody started them', () => {
    const made = { status: 'created', running: false, pid: 0 };
    expect(says(survey({}, { nginx: made, 'flask-app': made, mongo: made }))).toBe(
      'nginx, flask-app and mongo were made but never started',
    );
  });

  test('one that ended well has nothing more to do, and what it printed is no error', () => {
    const seen = survey({}, { nginx: {}, 'flask-app': {}, mongo: ended(0, '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536') });
    expect(says(seen)).toMatch(/^mongo ended by itself \(exit code 0\); a container runs/);
  });

  test('one was killed for memory', () => {
    const seen = survey({}, { nginx: {}, 'flask-app': {}, mongo: { ...ended(137, ''), oomKilled: true } });
    expect(says(seen)).toBe('mongo was killed because the memory was used up (exit code 137)');
    const own = { ...ended(137, ''), oomKilled: true, memoryLimit: 64 * 1024 ** 2 };
    expect(says(survey({}, { nginx: {}, 'flask-app': {}, mongo: own }))).toBe(
      'mongo was killed because it used more memory than its own limit allows (64 MiB) (exit code 137)',
    );
  });

  test('a file that is mounted was not handed in', () => {
    const source = '/home/student/nginx-flask-mongo/nginx.conf';
    // Printed by Docker Engine 28.5.2 with runc 1.3.
    const error = `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "${source}" to rootfs at "/etc/nginx/conf.d/default.conf": mount src=${source}, dst=/etc/nginx/conf.d/default.conf, dstFd=/proc/thread-self/fd/14, flags=MS_BIND|MS_REC|MS_RELATIME: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`;
    const seen = survey(
      { exitCode: 1, output: `Error response from daemon: ${error}\n`, notHandedIn: [{ source, path: 'nginx.conf' }] },
      {
        nginx: {
          status: 'created',
          running: false,
          pid: 0,
          error,
          binds: [{ source, target: '/etc/nginx/conf.d/default.conf' }],
        },
        'flask-app': {},
        mongo: {},
      },
    );
    expect(says(seen)).toBe(
      'nginx could not be started; nginx.conf is mounted but was not handed in, so Docker made an empty folder of that name',
    );
  });

  test('one could not be started: Compose says no more than the engine', () => {
    // Printed by Docker Engine 28.5.2.
    const error =
      'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "pyhton3": executable file not found in $PATH: unknown';
    const seen = survey(
      { exitCode: 1, output: ` Container flask-app  Starting\nError response from daemon: ${error}\n` },
      {
        nginx: { status: 'created', running: false, pid: 0 },
        'flask-app': { status: 'created', running: false, pid: 0, error },
        mongo: {},
      },
    );
    expect(says(seen)).toBe(
      'flask-app could not be started: exec: "pyhton3": executable file not found in $PATH; so nginx was never started',
    );
  });

  test('one is not healthy, and others waited for it', () => {
    const seen = survey(
      { exitCode: 1, output: 'dependency failed to start: container flask-app is unhealthy\n' },
      {
        nginx: { status: 'created', running: false, pid: 0 },
        'flask-app': {
          health: {
            status: 'unhealthy',
            test: 'curl -f http://localhost:9090/',
            output:
              'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
          },
        },
        mongo: {},
      },
    );
    expect(says(seen)).toBe(
      'flask-app is not healthy: its health check (curl -f http://localhost:9090/) says “exec: "curl": executable file not found in $PATH”; so nginx was never started',
    );
  });

  test('some have no role', () => {
    const seen = survey(script('', [{ command: 'docker run -d --name web nginx' }]), { web: {}, api: ended(1, 'x') });
    expect(says(seen)).toBe(
      'no container was found for nginx, flask-app and mongo; these containers have no role: web and api (exited, exit code 1); say who is who with "roles:" in submission.yaml (e.g. nginx: web)',
    );
  });

  test('several could have one role', () => {
    const seen = changed(survey({}, { nginx: {}, 'flask-app': {} }), (draft) => {
      draft.roles['mongo'] = { found: 'several', containers: ['db-1', 'db-2'], by: 'image' };
    });
    expect(says(seen)).toContain('several containers could be mongo (by image): db-1 and db-2');
  });
});

describe('two machines', () => {
  const overlay = recorded('overlay-network');

  test('it is said on which one it was', () => {
    const seen = changed(overlay, (draft) => {
      Object.assign(draft.secondMachine!.deployment, {
        ...script('', [{ command: 'docker swarm join x', exitCode: 1, ends: true }]),
        command: 'bash host2.sh',
      });
      draft.secondMachine!.roles['alpine2'] = { found: 'none' };
    });
    expect(says(seen)).toMatch(/^on machine 2, run.sh ended at line 1, because `docker swarm join x` failed/);
  });

  test('a role needs to be on one of them only', () => {
    expect(causeOf(overlay)).toBeUndefined();
  });
});

test('whatever a student writes, a cause is bounded, and its sentence is one line', () => {
  for (const text of [HOSTILE, LONG_LINE, `${HOSTILE}\nError: ${LONG_LINE}`]) {
    for (const seen of [
      survey({ output: text, exitCode: 1 }, { nginx: ended(1, text) }),
      survey(script(text, [{ command: text.slice(0, 300), exitCode: 1, ends: true }]), {}),
      survey(script(text, []), { [text.slice(0, 3000)]: ended(1, text) }),
    ]) {
      const { says: sentence, what = '', output = '' } = causeOf(seen)!;
      expect([sentence.length <= 700, what.length <= 400, output.length <= 4000]).toEqual([true, true, true]);
      // eslint-disable-next-line no-control-regex -- what would end the line
      expect(sentence).not.toMatch(/[\u0000-\u001f]/);
    }
  }
});
