/** Things on the grading host's engine that are nobody's business: a container, a network and a volume of somebody else. */
import { docker } from '../engine.ts';

const LABELS = { 'netgrade-test': 'stranger' };

export interface Strangers extends AsyncDisposable {
  /** Whether they are as they were. */
  untouched: () => Promise<boolean>;
}

export async function strangers(): Promise<Strangers> {
  const name = `netgrade-test-stranger-${process.pid}`;
  const network = await docker.createNetwork({ Name: name, Labels: LABELS });
  await docker.createVolume({ Name: name, Labels: LABELS });
  const container = await docker.createContainer({
    Image: 'busybox:latest',
    Cmd: ['sleep', '3600'],
    Labels: LABELS,
    HostConfig: { NetworkMode: name, Binds: [`${name}:/data`] },
  });
  await container.start();
  const look = async (): Promise<string> => {
    const { Id, State, NetworkSettings } = await container.inspect();
    const { Id: networkId } = (await docker.getNetwork(name).inspect()) as { Id: string };
    const { Mountpoint } = await docker.getVolume(name).inspect();
    return JSON.stringify([Id, State.Running, State.StartedAt, NetworkSettings.Networks, networkId, Mountpoint]);
  };
  const before = await look();
  return {
    untouched: async () => (await look()) === before,
    [Symbol.asyncDispose]: async () => {
      await container.remove({ force: true });
      await network.remove();
      await docker.getVolume(name).remove();
    },
  };
}
