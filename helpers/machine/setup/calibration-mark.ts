/**
 * Remembers that lab hosts have given the known verdicts (run/calibrate.ts), so that this is tested once. The mark is an
 * empty volume on the engine that they run on: everybody who grades there finds it, also from another machine. Its name
 * has a digest of all that lab hosts are started from, and begins with the golden volume's. So it is removed when that is
 * out of date (`outdated` in generations.ts).
 */
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { LABEL } from '../lab-host/labels.ts';
import type { LabHostImage } from '../lab-host/disposable/start.ts';

/** What of `docker info` lab hosts depend on, beside their image. */
interface EngineInfo {
  ServerVersion: string;
  KernelVersion: string;
  CgroupVersion?: string;
  DefaultRuntime: string;
  ContainerdCommit?: { ID: string };
  RuncCommit?: { ID: string };
}

export interface CalibrationMark {
  /** The volume's name. */
  name: string;
  isSet: boolean;
  set: () => Promise<void>;
}

/** @param runtime The container runtime of the lab hosts, if it is not the engine's default. */
export async function calibrationMark(
  docker: Docker,
  { image, goldenVolume }: Pick<LabHostImage, 'image' | 'goldenVolume'>,
  runtime?: string,
): Promise<CalibrationMark> {
  const [{ Id }, info] = await Promise.all([docker.getImage(image).inspect(), docker.info() as Promise<EngineInfo>]);
  const name = `${goldenVolume}-calibrated-${conditionsOf(Id, info, runtime)}`;
  const isSet = await docker
    .getVolume(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  return {
    name,
    isSet,
    set: async () => {
      await docker.createVolume({ Name: name, Labels: { [LABEL]: 'golden' } });
    },
  };
}

/** @returns 12 hexadecimal digits. They are others as soon as a lab host could behave in another way. */
export function conditionsOf(imageId: string, info: EngineInfo, runtime = info.DefaultRuntime): string {
  const { ServerVersion, KernelVersion, CgroupVersion, ContainerdCommit, RuncCommit } = info;
  const programs = [ServerVersion, ContainerdCommit?.ID, RuncCommit?.ID];
  const conditions = JSON.stringify([imageId, KernelVersion, CgroupVersion, runtime, programs]);
  return createHash('sha256').update(conditions).digest('hex').slice(0, 12);
}
