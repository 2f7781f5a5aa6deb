/** What is written down of a container and of a network, from what the engine says about them. */
import { expect, test } from '@jest/globals';
import { endpointsOf, settingsOf, withoutAddress } from '../../helpers/base/docker/as-run.ts';
import { containerThen, networkThen } from '../../helpers/machine/restore/snapshot.ts';

const ENDPOINT = {
  IPAMConfig: { IPv4Address: '172.18.0.9' },
  Links: null,
  Aliases: ['mongo', 'db'],
  MacAddress: '02:42:ac:12:00:09',
  DriverOpts: null,
  GwPriority: 0,
  NetworkID: 'n1',
  IPAddress: '172.18.0.9',
};

function inspected(State: object): never {
  const Networks = { private: ENDPOINT, bridge: { NetworkID: 'n2' } };
  return {
    Id: 'c1',
    Name: '/mongo',
    State,
    Config: {},
    HostConfig: { NetworkMode: 'private' },
    NetworkSettings: { Networks },
  } as never;
}

test.each([
  [{ Running: true, Paused: false }, 'running'],
  [{ Running: true, Paused: true }, 'paused'],
  [{ Running: false, Paused: false }, 'stopped'],
])('a container %j is %s', (state, expected) => {
  expect(containerThen(inspected(state), new Set()).state).toBe(expected);
});

test('of an endpoint, what was asked for is written down, and not what the engine chose', () => {
  expect(containerThen(inspected({}), new Set(['private'])).endpoints).toEqual([
    {
      network: 'private',
      networkId: 'n1',
      config: { Aliases: ['mongo', 'db'], IPAMConfig: { IPv4Address: '172.18.0.9' } },
    },
  ]);
});

test('an experiment gives another address, and keeps everything else that was asked for', () => {
  const settings = endpointsOf(inspected({})).map(([name, endpoint]) => {
    return [name, withoutAddress(settingsOf({ ...endpoint, GwPriority: 2 }))];
  });
  expect(settings[0]).toEqual(['private', { Aliases: ['mongo', 'db'], GwPriority: 2 }]);
});

test('of a network, everything is written down that makes it again', () => {
  const network = {
    Id: 'n1',
    Name: 'private',
    Created: '2026-03-01T10:00:00Z',
    Scope: 'local',
    Driver: 'bridge',
    Internal: true,
    Attachable: false,
    EnableIPv6: true,
    EnableIPv4: true,
    Labels: { 'com.docker.compose.network': 'private' },
    Options: { 'com.docker.network.driver.mtu': '1400' },
    Containers: {},
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: [
        { Subnet: '172.18.0.0/16', IPRange: '172.18.5.0/24', Gateway: '172.18.0.1' },
        { Subnet: 'fd00::/64', Gateway: 'fd00::1/64' },
      ],
    },
  };
  expect(networkThen(network as never, ['c1'])).toEqual({
    id: 'n1',
    name: 'private',
    created: '2026-03-01T10:00:00Z',
    members: ['c1'],
    settings: {
      Driver: 'bridge',
      Internal: true,
      Attachable: false,
      EnableIPv6: true,
      Labels: network.Labels,
      Options: network.Options,
      IPAM: {
        Driver: 'default',
        Config: [network.IPAM.Config[0], { Subnet: 'fd00::/64', Gateway: 'fd00::1' }],
      },
    },
  });
});
