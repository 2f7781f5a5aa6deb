/**
 * Which settings a container may have (`HostConfig`, Docker Engine API 1.24 to 1.52). A setting that is not listed here
 * is denied, because a new engine may have new settings that give a container access to the machine.
 */
import { Fields, fieldOf, isNothing, listOf, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';
import { deniedBinds, deniedMounts } from './mount-rules.ts';
import type { PolicyContext } from './rules.ts';
import { deniedSecurityOptions } from './security-options.ts';

type Rule = (value: Json, context: PolicyContext) => Denial | undefined;

/** Docker's fourteen defaults (Engine 20.10 to 28), and those that affect nothing outside the container's sandbox. */
const CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
  ...['NET_ADMIN', 'NET_BROADCAST', 'SYS_NICE', 'SYS_PTRACE', 'IPC_LOCK'],
];
/** Allowed log drivers. Others send to the network, or to the machine's own log. */
const LOG_DRIVERS = ['', 'json-file', 'local', 'none'];

export const PRIVILEGED = denial(
  'a privileged container or command',
  'it would be root of the whole machine',
  'Leave --privileged (privileged: true) out; for addresses, routes and firewalls inside the container, --cap-add NET_ADMIN is enough.',
);

const DEVICES = denial(
  'access to a device of the machine',
  'none of the labs needs one',
  'Leave --device and --device-cgroup-rule out.',
);

/** Another machine may have one: `machineLimit` knows this denial. */
const GPUS = denial('a GPU of the machine', 'a lab host has none', 'Leave --gpus (devices: in a Compose file) out.');

const HIDDEN_PATHS = denial(
  'a container that sees all of /proc and /sys',
  'Docker hides parts of them because they belong to the whole machine',
  'Leave systempaths=unconfined (MaskedPaths, ReadonlyPaths) out.',
);

const free: Rule = () => undefined;
const never =
  (denied: Denial): Rule =>
  (value) =>
    isNothing(value) ? undefined : denied;

/** A rule for a kind of namespace: the host's is denied; another container's is allowed. */
const ownNamespace =
  (option: string, what: string): Rule =>
  (value) => {
    if (isNothing(value) || (typeof value === 'string' && /^(private|none|shareable|container:.+)$/.test(value)))
      return undefined;
    return denial(
      `--${option} ${quoted(value)}`,
      `the container would have ${what} of the whole machine`,
      `Leave --${option} out, or use another container’s with --${option} container:NAME where Docker has that.`,
    );
  };

const capabilities: Rule = (value) => {
  const strange = listOf(value).find(
    (each) => typeof each !== 'string' || !CAPABILITIES.includes(each.toUpperCase().replace(/^CAP_/, '')),
  );
  if (strange === undefined) return undefined;
  return denial(
    `the capability ${quoted(strange)}`,
    'with it a container could leave its sandbox or change the machine',
    `Leave it out; besides Docker’s own, ${CAPABILITIES.slice(-5).join(', ')} may be added.`,
  );
};

const sysctls: Rule = (value) => {
  const [strange] = value instanceof Fields ? value.entries().filter(([name]) => !name.startsWith('net.')) : [];
  if (strange === undefined) return undefined;
  return denial(
    `the kernel setting ${quoted(strange[0])}`,
    'only net.… belongs to the container’s own sandbox',
    'Leave it out.',
  );
};

/** Limits of the container's own processes. The others are about what the kernel counts by user, or who comes before others. */
const ULIMITS = ['as', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'nofile', 'nproc', 'rss', 'stack'];

const ulimits: Rule = (value) => {
  const strange = listOf(value).find((each) => {
    const name = fieldOf(each, 'Name');
    const noCore = name === 'core' && isNothing(fieldOf(each, 'Hard')) && isNothing(fieldOf(each, 'Soft'));
    return typeof name !== 'string' || !(noCore || ULIMITS.includes(name));
  });
  if (strange === undefined) return undefined;
  return denial(
    `the limit ${quoted(fieldOf(strange, 'Name') ?? '')}`,
    'it is not about the container alone',
    `Leave it out; these may be set: ${ULIMITS.join(', ')}.`,
  );
};

const logging: Rule = (value) => {
  const type = fieldOf(value, 'Type') ?? '';
  if (LOG_DRIVERS.includes(type as string)) return undefined;
  return denial(
    `the log driver ${quoted(type)}`,
    'it sends what a container prints away from the lab host',
    'Leave it out, or use json-file, local or none.',
  );
};

const RULES: Record<string, Rule> = {
  binds: deniedBinds,
  mounts: deniedMounts,
  privileged: never(PRIVILEGED),
  capadd: capabilities,
  capabilities: never(
    denial('a list of all capabilities', 'Docker has no such setting any more', 'Use --cap-add and --cap-drop.'),
  ),
  securityopt: deniedSecurityOptions,
  pidmode: ownNamespace('pid', 'all processes'),
  ipcmode: ownNamespace('ipc', 'the shared memory'),
  utsmode: ownNamespace('uts', 'the hostname'),
  usernsmode: ownNamespace('userns', 'the user ids'),
  cgroupnsmode: ownNamespace('cgroupns', 'the control groups'),
  cgroup: ownNamespace('cgroup', 'the control groups'),
  devices: never(DEVICES),
  devicerequests: never(GPUS),
  devicecgrouprules: never(DEVICES),
  blkioweightdevice: never(DEVICES),
  runtime: (value) =>
    isNothing(value) || value === 'runc' || value === 'io.containerd.runc.v2'
      ? undefined
      : denial(`the runtime ${quoted(value)}`, 'only Docker’s own is there', 'Leave --runtime out.'),
  cgroupparent: never(
    denial(
      'a control group of one’s own choice',
      'a container could leave the lab host’s limits',
      'Leave --cgroup-parent out.',
    ),
  ),
  oomscoreadj: (value) =>
    typeof value === 'number' && value >= 0
      ? undefined
      : never(
          denial(
            'an OOM score below 0',
            'when memory runs short, something of the machine would be ended instead of the container',
            'Leave --oom-score-adj out.',
          ),
        )(value, NOWHERE),
  oomkilldisable: never(
    denial(
      'a container that is never ended when memory runs short',
      'something of the machine would be ended instead',
      'Leave --oom-kill-disable out.',
    ),
  ),
  cpurealtimeperiod: never(realtime()),
  cpurealtimeruntime: never(realtime()),
  sysctls,
  ulimits,
  logconfig: logging,
  volumedriver: (value) =>
    isNothing(value) || value === 'local'
      ? undefined
      : denial(
          `volumes of the driver ${quoted(value)}`,
          'only the driver local is there',
          'Leave --volume-driver out.',
        ),
  // Without this setting, the engine's own list applies; any given list could only be shorter.
  maskedpaths: (value) => (value === null ? undefined : HIDDEN_PATHS),
  readonlypaths: (value) => (value === null ? undefined : HIDDEN_PATHS),
};

/** Settings that affect only the container itself, or only networks, which the criteria judge. */
const FREE = `annotations autoremove blkiodevicereadbps blkiodevicereadiops blkiodevicewritebps blkiodevicewriteiops
  blkioweight capdrop consolesize containeridfile cpucount cpupercent cpuperiod cpuquota cpusetcpus cpusetmems
  cpushares dns dnsoptions dnssearch extrahosts groupadd init iomaximumbandwidth iomaximumiops isolation kernelmemory
  kernelmemorytcp links memory memoryreservation memoryswap memoryswappiness nanocpus networkmode pidslimit portbindings
  publishallports readonlyrootfs restartpolicy shmsize storageopt tmpfs volumesfrom`.split(/\s+/);

for (const name of FREE) RULES[name] = free;

const NOWHERE: PolicyContext = { workplace: '', scratch: '', realPath: (path) => path };

function realtime(): Denial {
  return denial('real-time scheduling', 'the container could keep everything else from running', 'Leave it out.');
}

/** @param body The body of `POST /containers/create`. Engines before 25 also read settings from its top level. */
export function deniedContainer(body: Json, context: PolicyContext): Denial | undefined {
  const settings = fieldOf(body, 'HostConfig');
  const unknown =
    settings instanceof Fields ? settings.entries().find(([name]) => !Object.hasOwn(RULES, name)) : undefined;
  if (unknown !== undefined && !isNothing(unknown[1]))
    return denial(`the setting ${quoted(unknown[0])}`, 'netgrade does not know it', 'Leave it out.');
  return deniedSettings(body, context) ?? deniedSettings(settings, context);
}

function deniedSettings(settings: Json | undefined, context: PolicyContext): Denial | undefined {
  if (!(settings instanceof Fields)) return undefined;
  for (const [name, value] of settings.entries()) {
    const denied = Object.hasOwn(RULES, name) ? RULES[name]?.(value, context) : undefined;
    if (denied !== undefined) return denied;
  }
  return undefined;
}

const UNLIMITED = ['Memory', 'MemorySwap', 'PidsLimit', 'NanoCpus', 'CpuQuota'];

/** @param body The body of `POST /containers/ID/update`, with the settings at its top level. */
export function deniedUpdate(body: Json, context: PolicyContext): Denial | undefined {
  const lifted = UNLIMITED.find((name) => {
    const value = fieldOf(body, name);
    return typeof value === 'number' && (value < 0 || (name === 'PidsLimit' && value === 0));
  });
  if (lifted !== undefined)
    return denial(
      `lifting a container’s limit (${lifted})`,
      'a limit that was set stays',
      'Give a number, or leave it as it was.',
    );
  return deniedSettings(body, context);
}

/** @param body The body of `POST /containers/ID/exec`. */
export function deniedExec(body: Json): Denial | undefined {
  return isNothing(fieldOf(body, 'Privileged')) ? undefined : PRIVILEGED;
}
