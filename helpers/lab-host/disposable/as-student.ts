/**
 * How a submission's command is run on a lab host: as a user who may do little (see images/lab-host/as-student.sh), and in
 * namespaces of its own, for two reasons.
 *
 * It is process 1 there. What it leaves behind ends with it; a process that went on could watch the engine while the
 * submission is examined, and show whoever looks what they want to see.
 *
 * A container's root may make files for any device of the machine, and may not open them; a user of the machine might,
 * who is bounded by no container. So no device file works where the command sees files of containers: in its home folder,
 * in volumes, and in root directories of containers' processes.
 */

/** Where the engine keeps its data, volumes among them: nothing for a submission's own eyes. */
const ENGINE_DATA = '/var/lib/docker';

const ARRANGE = `set -e
mount -o remount,bind,nosuid,nodev "$1"
mount -t tmpfs -o ro,size=4k,mode=0 none ${ENGINE_DATA}
shift
exec as-student "$@"`;

/** @param home The folder in which the submission is. */
export function asStudent(home: string, argv: string[]): string[] {
  const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return [...apart, 'bash', '-c', ARRANGE, 'as-student', home, ...argv];
}
