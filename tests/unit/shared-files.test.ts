import { expect, test } from '@jest/globals';
import { mayBeElsewhere } from '../../helpers/machine/lab-host/shared/shared-files.ts';

const HERE = { name: 'laptop', kernel: '6.12.0', platform: 'linux' };
const OWN = { Name: 'laptop', KernelVersion: '6.12.0', OperatingSystem: 'Debian GNU/Linux 13' };

test('an engine of this machine sees its files', () => {
  expect(mayBeElsewhere(OWN, HERE)).toBe(false);
});

test.each<[string, object, object]>([
  ['on macOS', {}, { platform: 'darwin' }],
  ['in a virtual machine, whose kernel is another', { KernelVersion: '6.12.0-linuxkit' }, {}],
  ['of Docker Desktop inside Windows, whose kernel is the same', { OperatingSystem: 'Docker Desktop' }, {}],
  ['outside of the container that this process is in', { Name: 'host' }, {}],
])('an engine %s may not', (_, says, here) => {
  expect(mayBeElsewhere({ ...OWN, ...says }, { ...HERE, ...here })).toBe(true);
});
