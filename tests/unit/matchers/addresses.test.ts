import { expect } from '@jest/globals';
import type { Survey } from '../../../helpers/survey/facts.ts';
import type { NetworkInterface } from '../../../helpers/machine/probe/protocol.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, networkOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const onDefaultBridge = recorded('default-bridge');
const onTwoNetworks = recorded('ip-and-hostname');
const GATEWAY_A = networkOf(onTwoNetworks, 'net-a').gateways[0]!;
const GATEWAY_B = networkOf(onTwoNetworks, 'net-b').gateways[0]!;
const READ = 'the engine and the kernel list addresses, interfaces and routes';

function defaultRoute(draft: Survey, role: string): { gateway?: string } {
  return sandboxOf(draft, role).routes.find(({ destination }) => destination === 'default')!;
}

function interfaceOf(draft: Survey, role: string, name: string): NetworkInterface {
  return sandboxOf(draft, role).interfaces.find((each) => each.name === name)!;
}

testMatcher('toHaveOneAddressPerNetwork', {
  of: onTwoNetworks,
  asserts: (lab) => {
    expect([lab.role('web'), lab.role('plain')]).toHaveOneAddressPerNetwork();
  },
  expects: ['web and plain', 'network'],
  holds: {
    'each network has given one address': { says: ['web has', '(net-a)', '(net-b)', 'plain has'] },
  },
  fails: {
    'a network has given none': {
      change: (draft) => {
        containerOf(draft, 'web').attachments[1]!.addresses = [];
      },
      says: 'web has no address on net-b',
    },
    "an address is not from the network's pool": {
      change: (draft) => {
        networkOf(draft, 'net-b').subnets = ['10.99.0.0/24'];
      },
      says: ['web', 'net-b', '10.99.0.0/24'],
    },
    'there is an address that Docker did not give': {
      change: (draft) => {
        interfaceOf(draft, 'plain', 'eth0').addresses.push('10.98.0.1/24');
      },
      says: ['plain has the address 10.98.0.1'],
    },
    'an address is on no interface': {
      change: (draft) => {
        interfaceOf(draft, 'plain', 'eth0').addresses = [];
      },
      says: ['Docker gave plain the address', 'no interface'],
    },
  },
  settled: READ,
});

testMatcher('toHaveDocker0AsGateway', {
  of: onDefaultBridge,
  asserts: (lab) => {
    expect([lab.role('alpine1'), lab.role('alpine2')]).toHaveDocker0AsGateway();
  },
  expects: ['alpine1 and alpine2', 'docker0'],
  holds: {
    'both go through docker0': { says: 'the address of docker0' },
  },
  fails: {
    'the gateway is another one': {
      change: (draft) => {
        defaultRoute(draft, 'alpine2').gateway = '10.97.0.9';
      },
      says: ['the default gateway of alpine2 is 10.97.0.9', 'docker0'],
    },
    'there is no gateway': {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').routes = [];
      },
      says: 'the default gateway of alpine1 is not set',
    },
    'there are two gateways': {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').routes.push({ destination: 'default', gateway: '10.97.0.9', device: 'eth1' });
      },
      says: ['alpine1', '10.97.0.9'],
    },
    'the host has no docker0': {
      change: (draft) => {
        draft.host.sandbox.interfaces = draft.host.sandbox.interfaces.filter(({ name }) => name !== 'docker0');
      },
      says: 'the default gateway of alpine1',
    },
  },
  settled: READ,
});

testMatcher('toHaveOwnSubnetsAndGateways', {
  of: onTwoNetworks,
  asserts: (lab) => {
    expect([lab.network('net-a'), lab.network('net-b')]).toHaveOwnSubnetsAndGateways([
      lab.role('web'),
      lab.role('plain'),
    ]);
  },
  expects: ['net-a and net-b', 'web and plain'],
  holds: {
    'each network has its own': { says: ['net-a is', GATEWAY_A, 'net-b is', GATEWAY_B] },
    'the engine says the gateway with the container only': {
      change: (draft) => {
        networkOf(draft, 'net-b').gateways = [];
      },
      says: GATEWAY_B,
    },
  },
  fails: {
    'a network is missing': {
      change: (draft) => {
        networkOf(draft, 'net-b').names = ['net-c'];
      },
      says: 'net-b',
    },
    'the subnets overlap': {
      change: (draft) => {
        networkOf(draft, 'net-b').subnets = networkOf(draft, 'net-a').subnets.map((each) => each.replace('/24', '/8'));
      },
      says: 'overlap',
    },
    'both names are those of one network': {
      change: (draft) => {
        draft.networks = draft.networks.filter(({ names }) => !names.includes('net-b'));
        networkOf(draft, 'net-a').names.push('net-b');
      },
      says: ['net-a', 'net-b', 'the same network'],
    },
    'a gateway is not in its subnet': {
      change: (draft) => {
        networkOf(draft, 'net-b').gateways = ['10.97.0.9'];
      },
      says: ['the gateway of net-b', '10.97.0.9'],
    },
    'a network has no gateway': {
      change: (draft) => {
        networkOf(draft, 'net-b').gateways = [];
        containerOf(draft, 'web').attachments[1]!.gateway = '';
      },
      says: 'net-b has no gateway',
    },
    'a container goes through a gateway of none of its networks': {
      change: (draft) => {
        defaultRoute(draft, 'plain').gateway = GATEWAY_B;
      },
      says: `the default gateway of plain is ${GATEWAY_B}`,
    },
    'a container has no gateway': {
      change: (draft) => {
        sandboxOf(draft, 'plain').routes = [];
      },
      says: 'plain has no default gateway',
    },
  },
  settled: READ,
});

testMatcher('toHaveAnInterfacePerNetwork', {
  of: onTwoNetworks,
  asserts: (lab) => {
    expect([lab.role('web'), lab.role('plain')]).toHaveAnInterfacePerNetwork();
  },
  expects: ['web and plain', 'bridge'],
  holds: {
    'there is a pair for each': { says: ['web has eth0 and eth1', 'plain has eth0'] },
  },
  fails: {
    'there is one interface more': {
      change: (draft) => {
        sandboxOf(draft, 'plain').interfaces.push({ name: 'dummy0', index: 9, mac: '', up: true, addresses: [] });
      },
      says: ['plain has the interfaces eth0 and dummy0', 'net-a'],
      showsFirst: 'docker run --rm --network container:plain ',
    },
    'a network has no interface': {
      change: (draft) => {
        const sandbox = sandboxOf(draft, 'web');
        sandbox.interfaces = sandbox.interfaces.filter(({ name }) => name !== 'eth1');
      },
      says: 'no interface of web belongs to net-b',
    },
    'two interfaces have the address': {
      change: (draft) => {
        const sandbox = sandboxOf(draft, 'plain');
        sandbox.interfaces.push({ ...interfaceOf(draft, 'plain', 'eth0'), name: 'eth7' });
      },
      says: 'more than one interface of plain belongs to net-a',
    },
    'the other end is on the bridge of another network': {
      change: (draft) => {
        const { peerIndex } = interfaceOf(draft, 'web', 'eth1');
        draft.host.sandbox.interfaces.find(({ index }) => index === peerIndex)!.master = 'docker0';
      },
      says: ['eth1 of web', 'the bridge of net-b'],
    },
    'there is no other end': {
      change: (draft) => {
        const { peerIndex } = interfaceOf(draft, 'web', 'eth1');
        const { sandbox } = draft.host;
        sandbox.interfaces = sandbox.interfaces.filter(({ index }) => index !== peerIndex);
      },
      says: ['eth1 of web', 'the bridge of net-b'],
    },
  },
  settled: READ,
});
