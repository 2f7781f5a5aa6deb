import { expect } from '@jest/globals';
import type { Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { networkOf, recorded } from '../../helpers/surveys.ts';

const survey = recorded('overlay-network');

function second(draft: Survey): Survey {
  return draft.secondMachine!;
}

testMatcher('toFormASwarm', {
  of: survey,
  asserts: (lab) => {
    expect(lab).toFormASwarm();
  },
  expects: 'one swarm',
  holds: {
    'both are nodes of one': { says: 'both machines are nodes of one swarm, and ready' },
  },
  fails: {
    'the second is in none': {
      change: (draft) => {
        second(draft).swarm = { state: 'inactive', nodeId: '', nodes: [] };
      },
      says: '(inactive)',
    },
    'neither is in one': {
      change: (draft) => {
        for (const each of [draft, second(draft)]) each.swarm = { state: 'inactive', nodeId: '', nodes: [] };
      },
      says: ['machine 1 is', 'machine 2 is'],
    },
    'each is in one of its own': {
      change: (draft) => {
        draft.swarm!.nodes = draft.swarm!.nodes.filter(({ id }) => id === draft.swarm!.nodeId);
        const { nodeId } = second(draft).swarm!;
        second(draft).swarm!.nodes = [{ id: nodeId, state: 'ready', address: '172.19.0.3' }];
      },
      says: 'not in the same one',
    },
    'the manager has lost the other': {
      change: (draft) => {
        const other = draft.swarm!.nodes.find(({ id }) => id === second(draft).swarm!.nodeId)!;
        Object.assign(other, { state: 'down', address: '172.19.0.3' });
      },
      says: ['172.19.0.3', 'down'],
    },
  },
  inconclusive: {
    'the first was not asked': {
      change: (draft) => {
        delete draft.swarm;
      },
      says: 'machine 1',
    },
    'the second was not asked': {
      change: (draft) => {
        delete second(draft).swarm;
      },
      says: 'machine 2',
    },
  },
});

testMatcher('toBeAnAttachableOverlay', {
  of: survey,
  asserts: (lab) => {
    expect(lab.network('test-net')).toBeAnAttachableOverlay();
  },
  expects: ['test-net', 'overlay'],
  holds: {
    'it is one': { says: 'test-net is an attachable overlay network' },
  },
  fails: {
    'it does not exist': {
      change: (draft) => {
        networkOf(draft, 'test-net').names = ['testnet'];
      },
      says: 'there is no network called test-net',
    },
    'it has another driver': {
      change: (draft) => {
        networkOf(draft, 'test-net').driver = 'bridge';
      },
      says: 'test-net has the driver bridge',
    },
    'it is for services only': {
      change: (draft) => {
        networkOf(draft, 'test-net').attachable = false;
      },
      says: ['test-net', 'not attachable'],
    },
    'one of the name is attachable, and another one an overlay': {
      change: (draft) => {
        const network = networkOf(draft, 'test-net');
        draft.networks.push({ ...network, id: 'another', driver: 'bridge' });
        network.attachable = false;
      },
      says: ['test-net', 'not attachable'],
    },
  },
  settled: 'the engine lists networks',
});

testMatcher('toRunOnMachinesOfTheirOwn', {
  of: survey,
  asserts: (lab) => {
    expect([lab.role('alpine1'), lab.secondMachine().role('alpine2')]).toRunOnMachinesOfTheirOwn();
  },
  expects: ['alpine1 runs on machine 1', 'alpine2 runs on machine 2'],
  holds: {
    'each runs on its own': { says: 'alpine1 runs on machine 1, alpine2 runs on machine 2' },
    'a second one elsewhere is found by its image only': {
      change: (draft) => {
        stray(draft, 'image');
      },
      says: 'alpine1 runs on machine 1, alpine2 runs on machine 2',
    },
  },
  fails: {
    'one does not run': {
      change: (draft) => {
        second(draft).roles['alpine2'] = { found: 'none' };
      },
      says: ['on machine 2', 'alpine2'],
    },
    'one was another process when the probes had ended': {
      change: (draft) => {
        second(draft).unstable['alpine2'] = 'it was started again';
      },
      says: ['on machine 2', 'alpine2', 'it was started again'],
    },
    'one runs on the other machine': {
      change: (draft) => {
        second(draft).roles['alpine2'] = { found: 'none' };
        stray(draft, 'container name');
      },
      says: 'alpine2 runs on the other machine',
    },
    'one runs on both': {
      change: (draft) => {
        stray(draft, 'container name');
      },
      says: 'alpine2 runs on the other machine too',
    },
  },
  settled: 'both engines list their containers',
});

/** An alpine2 on the first machine. */
function stray(draft: Survey, by: string): void {
  draft.containers.push({ ...second(draft).containers[0]!, id: 'stray', name: 'stray' });
  draft.roles['alpine2'] = { found: 'one', container: 'stray', by };
}
