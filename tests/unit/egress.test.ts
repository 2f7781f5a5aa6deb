/** How far a submission gets out: what is said on the command line, and which networks are a machine's own. */
import { expect, test } from '@jest/globals';
import { UsageError } from '../../helpers/base/failure.ts';
import { parseOptions } from '../../helpers/cli/options.ts';
import { ownNetworksIn } from '../../helpers/machine/lab-host/disposable/own-networks.ts';

test.each([
  [[], 'none', []],
  [['--egress'], 'all', []],
  [['--egress', '--jobs', '2'], 'all', []],
  [['--egress', 'alice'], 'all', ['alice']],
  [['--egress', 'all', 'alice'], 'all', ['alice']],
  [['--egress', 'none', 'alice'], 'none', ['alice']],
  [['--egress=none'], 'none', []],
  [['--egress', 'build', 'alice'], 'build', ['alice']],
  [['--egress=all', '--', 'all', '--egress'], 'all', ['all', '--egress']],
])('%j means %s', (argv, egress, students) => {
  expect(parseOptions(argv)).toMatchObject({ egress, students });
});

test.each([[['--egress=some'], /--egress "some" is not one of: none, build, all/]])('%j is refused', (argv, why) => {
  expect(() => parseOptions(argv)).toThrow(UsageError);
  expect(() => parseOptions(argv)).toThrow(why);
});

test('a machine’s own networks are all to which it has routes, and its own addresses', () => {
  const routes = [
    'default via 131.188.1.1 dev eth0 proto dhcp metric 100 ',
    '0.0.0.0/1 via 10.8.0.1 dev tun0 ',
    '128.0.0.0/1 via 10.8.0.1 dev tun0 ',
    '131.188.1.0/24 dev eth0 proto kernel scope link src 131.188.1.20 ',
    '172.18.0.0/16 dev br-1 proto kernel scope link src 172.18.0.1 linkdown ',
    'unreachable 203.0.113.0/28 ',
    '198.51.100.7 via 131.188.1.9 dev eth0 ',
    'local 131.188.1.20 dev eth0 table local proto kernel scope host src 131.188.1.20 ',
    'broadcast 131.188.1.255 dev eth0 table local proto kernel scope link src 131.188.1.20 ',
  ];
  expect(ownNetworksIn(routes.join('\r\n'))).toEqual([
    '131.188.1.0/24',
    '172.18.0.0/16',
    '203.0.113.0/28',
    '198.51.100.7',
    '131.188.1.20',
    '131.188.1.255',
  ]);
});
