/** A machine in use breaks, or its run is interrupted. More rows of the table of faults; see faults.test.ts. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { FAULTS, type FaultName, type Outcome } from '../helpers/faults/faults.ts';
import { MachineInUse, NAMELESS } from '../helpers/faults/in-use.ts';
import { faultTable } from '../helpers/faults/matrix.ts';
import { SCRIPT } from '../helpers/faults/scene.ts';

/** One test waits for three runs and what each waits for; on a slow machine one took over two minutes. */
jest.setTimeout(1_500_000);

const seen = new Map<FaultName, Outcome>();
/** Of two machines at a time: most of it is waiting. */
let broken: Promise<void>;
let interrupted: Promise<void>;
beforeAll(() => {
  broken = breakMachine();
  interrupted = interruptBuilds();
  for (const each of [broken, interrupted]) each.catch(() => undefined); // its test sees it
});
afterAll(async () => {
  await Promise.allSettled([broken, interrupted]);
  console.log(faultTable(seen).join('\n'));
});

test.each(['containersInUse', 'engineInUse', 'poolsInUse'] as const)('%s', async (name) => {
  await broken;
  expect(seen.get(name)).toEqual(FAULTS[name].expected);
});

test.each(['interruptedInUse', 'endedInUse', 'killedInUse'] as const)('%s', async (name) => {
  await interrupted;
  expect(seen.get(name)).toEqual(FAULTS[name].expected);
});

/** Containers come and go, its engine is killed, its address pools are used up. */
async function breakMachine(): Promise<void> {
  await using machine = await MachineInUse.boot();
  const { laptop } = machine;
  const loop = '(while [ -e /run/busy ]; do docker run --rm busybox true; done >/dev/null 2>&1 &)\n';
  const busy = await machine.outcomeOf(
    SCRIPT,
    async () => {
      await laptop.root(`touch /run/busy\n${loop.repeat(2)}`);
      await machine.letGo();
    },
    { mend: () => laptop.root('rm /run/busy') },
  );
  note('containersInUse', busy);
  const killed = await machine.outcomeOf(SCRIPT, async () => {
    await laptop.root('kill -9 $(cat /var/run/docker.pid)');
    await machine.letGo();
  });
  note('engineInUse', killed);
  // The engine that was started again has pools of a size that does not take long.
  const useUp = 'n=0; while docker network create used-$n; do n=$((n + 1)); done';
  const giveBack = 'docker network ls --format "{{.Name}}" | grep ^used- | xargs docker network rm';
  const pools = await machine.outcomeOf(
    `${SCRIPT}docker network create mine\n`,
    async () => {
      await laptop.root(useUp);
      await machine.letGo();
    },
    { mend: () => laptop.root(giveBack) },
  );
  note('poolsInUse', pools);
}

/**
 * With BuildKit and with the classic builder, with and without a name; one name is somebody else's. So is an image without a
 * name, which gets one, and on which another one is built without a word.
 */
const BUILDS = `docker build -t built .
docker build -t moved .
docker build --no-cache .
export DOCKER_BUILDKIT=0
docker build --no-cache -t classic .
docker build --no-cache --build-arg fails=yes -t never . || true
docker tag $(docker images --quiet --filter dangling=true --filter label=theirs) taken
printf '${NAMELESS}RUN echo upon > /upon\\nRUN echo them > /them\\n' > Upon
docker build -q -t upon -f Upon .
unset DOCKER_BUILDKIT
docker tag alpine named
docker run -dit --network none --name isolated built ash
while [ -e hold ]; do sleep 0.1; done
`;
const DOCKERFILE = `FROM alpine AS before
ARG fails=no
RUN echo built > /built
RUN [ $fails = no ]
FROM alpine
COPY --from=before /built /built
`;

async function interruptBuilds(): Promise<void> {
  await using machine = await MachineInUse.boot();
  const names = { interruptedInUse: 'INT', endedInUse: 'TERM', killedInUse: 'KILL' } as const;
  for (const name of Object.keys(names) as (keyof typeof names)[]) {
    const signal = names[name];
    const cause = async (): Promise<void> => {
      await machine.othersBuild();
      await machine.laptop.root(`pkill -${signal} -f [h]elpers/cli/grade.ts`);
    };
    const setting = { files: { Dockerfile: DOCKERFILE }, atOnce: signal !== 'KILL' };
    note(name, await machine.outcomeOf(BUILDS, cause, setting));
  }
}

/** Says no more than what is expected, if that was said. */
function note(name: FaultName, outcome: Outcome): void {
  const { says } = FAULTS[name].expected;
  seen.set(name, outcome.says.includes(says) ? { ...outcome, says } : outcome);
}
