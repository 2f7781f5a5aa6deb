import { describe, expect, test } from '@jest/globals';
import { create, decideOn, request, sentenceFor } from '../helpers/policy.ts';

const NO_HOST = ['PidMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'];

describe('a container may not have', () => {
  test.each<[string, object, RegExp]>([
    ['all rights', { Privileged: true }, /privileged .* Leave --privileged/],
    ['all rights, in another spelling', { privileged: true }, /privileged/],
    ['rights that are not a boolean', { Privileged: 'yes' }, /privileged/],
    ['a capability of the machine’s', { CapAdd: ['NET_ADMIN', 'SYS_ADMIN'] }, /capability "SYS_ADMIN"/],
    ['a capability, in another spelling', { CapAdd: ['cap_sys_module'] }, /capability "cap_sys_module"/],
    ['all capabilities', { CapAdd: ['ALL'] }, /capability "ALL"/],
    ['a capability that is no list', { CapAdd: 'SYS_ADMIN' }, /capability "SYS_ADMIN"/],
    ['capabilities, as they were given once', { Capabilities: ['CAP_SYS_ADMIN'] }, /list of all capabilities/],
    ['core files', { Ulimits: [{ Name: 'core', Soft: -1, Hard: -1 }] }, /limit "core"/],
    ['core files, in another spelling', { Ulimits: [{ Name: 'CORE', Soft: 1, Hard: 1 }] }, /limit "CORE"/],
    ['more signals than others', { Ulimits: [{ Name: 'sigpending', Soft: 1e6, Hard: 1e6 }] }, /limit "sigpending"/],
    ['no AppArmor, the long way', { SecurityOpt: ['apparmor=:root:unconfined'] }, /security option/],
    ['no seccomp that is no list', { SecurityOpt: 'seccomp=unconfined' }, /security option/],
    ['a device', { Devices: [{ PathOnHost: '/dev/sda' }] }, /a device of the machine/],
    ['devices by request', { DeviceRequests: [{ Count: -1 }] }, /a GPU of the machine/],
    ['devices by rule', { DeviceCgroupRules: ['a *:* rwm'] }, /a device of the machine/],
    ['another runtime', { Runtime: 'kata' }, /runtime "kata"/],
    ['a control group of its choice', { CgroupParent: '/' }, /control group/],
    ['an OOM score below 0', { OomScoreAdj: -1 }, /OOM score/],
    ['an OOM score that is no number', { OomScoreAdj: '-1' }, /OOM score/],
    ['no OOM end', { OomKillDisable: true }, /never ended/],
    ['real-time scheduling', { CpuRealtimeRuntime: 1000 }, /real-time/],
    [
      'kernel settings of the machine',
      { Sysctls: { 'net.ipv4.ip_forward': '1', 'kernel.msgmax': '1' } },
      /kernel\.msgmax/,
    ],
    ['no seccomp', { SecurityOpt: ['seccomp=unconfined'] }, /security option/],
    ['no seccomp, as it was written once', { SecurityOpt: ['seccomp:unconfined'] }, /security option/],
    [
      'a seccomp profile that allows all',
      { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] },
      /security option/,
    ],
    ['a seccomp profile with two actions', { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW","defaultaction":"SCMP_ACT_ERRNO"}'] }, /security option/], // prettier-ignore
    ['a seccomp profile with an action that is no field', { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO","defaultActıon":"SCMP_ACT_ALLOW"}'] }, /security option/], // prettier-ignore
    ['a seccomp profile that listens', { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO","listenerPath":"/run/a"}'] }, /security option/], // prettier-ignore
    ['no AppArmor', { SecurityOpt: ['apparmor=unconfined'] }, /security option/],
    ['no SELinux label', { SecurityOpt: ['label=disable'] }, /security option/],
    ['all of /proc', { MaskedPaths: [] }, /\/proc and \/sys/],
    ['all of /sys', { ReadonlyPaths: [] }, /\/proc and \/sys/],
    ['a log beyond the lab host', { LogConfig: { Type: 'syslog', Config: {} } }, /log driver "syslog"/],
    ['volumes of a plugin', { VolumeDriver: 'rclone' }, /driver "rclone"/],
    ['what no engine has yet', { Wormhole: { To: 'host' } }, /setting "wormhole"/],
    ...NO_HOST.map((key): [string, object, RegExp] => [`${key} host`, { [key]: 'host' }, /"host".*whole machine/]),
  ])('%s', (_what, settings, sentence) => {
    expect(sentenceFor(create(settings))).toMatch(sentence);
    expect(decideOn(create(settings)).makes).toBeUndefined();
  });

  test('settings at the top level, where engines before 25 find them, too', () => {
    expect(sentenceFor(request('POST', '/containers/create', { Privileged: true }))).toMatch(/privileged/);
    expect(sentenceFor(create({ Privileged: false }, { PidMode: 'host' }))).toMatch(/--pid "host"/);
    expect(sentenceFor(create({}, { Capabilities: ['CAP_SYS_ADMIN'] }))).toMatch(/list of all capabilities/);
  });
});

describe('a container may have', () => {
  test.each<[string, object]>([
    ['nothing special', {}],
    ['what the client leaves at nothing', { Privileged: false, CapAdd: null, Devices: [], MaskedPaths: null, PidMode: '', OomKillDisable: null, OomScoreAdj: 0, Wormhole: null }], // prettier-ignore
    ['the host’s network, which the criteria judge', { NetworkMode: 'host' }],
    ['no network', { NetworkMode: 'none' }],
    ['Docker’s own capabilities, and some more', { CapAdd: ['CHOWN', 'cap_net_admin', 'CAP_SYS_PTRACE', 'IPC_LOCK'], CapDrop: ['ALL'] }], // prettier-ignore
    ['another’s namespaces', { PidMode: 'container:other', IpcMode: 'container:other', CgroupnsMode: 'private' }],
    ['settings of its own network', { Sysctls: { 'net.ipv4.ip_forward': '1' } }],
    ['fewer rights', { SecurityOpt: ['no-new-privileges', 'no-new-privileges:true', 'seccomp=builtin', 'apparmor=docker-default'] }], // prettier-ignore
    ['a seccomp profile of its own', { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}'] }],
    ['a log', { LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } } }],
    ['Docker’s runtime', { Runtime: 'runc' }],
    ['a higher OOM score', { OomScoreAdj: 500 }],
    ['limits of its own', { Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }, { Name: 'memlock', Soft: -1, Hard: -1 }] }], // prettier-ignore
    ['what Compose sets', { Init: true, RestartPolicy: { Name: 'always' }, ExtraHosts: ['a:1.2.3.4'], Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 1 }], Tmpfs: { '/t': '' }, Memory: 1e8, PortBindings: { '80/tcp': [{ HostPort: '80' }] }, ReadonlyRootfs: true, Dns: ['1.1.1.1'], PidsLimit: -1 }], // prettier-ignore
  ])('%s', (_what, settings) => {
    expect(decideOn(create(settings))).toEqual({ makes: 'container' });
  });

  test('an end that removes it: then it is counted otherwise', () => {
    expect(decideOn(create({ AutoRemove: true }))).toEqual({ makes: 'fleeting' });
  });
});

describe('a container that is there', () => {
  test.each<[string, string, object, RegExp]>([
    ['runs no privileged command', '/containers/a/exec', { Cmd: ['sh'], Privileged: true }, /privileged/],
    ['keeps its limits: memory', '/containers/a/update', { MemorySwap: -1 }, /MemorySwap/],
    ['keeps its limits: processes', '/containers/a/update', { PidsLimit: 0 }, /PidsLimit/],
    ['gets no devices', '/containers/a/update', { Devices: [{ PathOnHost: '/dev/sda' }] }, /device/],
    ['gets no new settings when it is started', '/containers/a/start', { Privileged: true }, /cannot be read/],
  ])('%s', (_what, path, body, sentence) => {
    expect(sentenceFor(request('POST', path, body))).toMatch(sentence);
  });

  test.each<[string, object | undefined]>([
    ['/containers/a/exec', { Cmd: ['sh'], User: 'root' }],
    ['/containers/a/update', { Memory: 1e8, RestartPolicy: { Name: 'no' } }],
    ['/containers/a/start', undefined],
    ['/containers/a/start', {}],
  ])('%s', (path, body) => {
    expect(decideOn(request('POST', path, body))).toEqual({});
  });

  test('a checkpoint is another container', () => {
    expect(sentenceFor(request('POST', '/containers/a/start?checkpoint=c'))).toMatch(/checkpoint/);
  });
});
