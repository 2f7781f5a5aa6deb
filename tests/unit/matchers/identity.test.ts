import { expect } from '@jest/globals';
import type { EngineEvent, Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher, type Assertion } from '../../helpers/matcher-tests.ts';
import { containerOf, networkOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('ip-and-hostname');
const LATER = '9000000000000000000';

/** What happened to web, and, if one is named, to its attachment to this network. */
function events(draft: Survey, action: EngineEvent['action'], network?: string): EngineEvent[] {
  const { id } = containerOf(draft, 'web');
  const on = network === undefined ? undefined : networkOf(draft, network).id;
  return draft.history.filter((each) => each.container === id && each.action === action && each.network === on);
}

function happens(draft: Survey, action: EngineEvent['action'], network?: string): void {
  const of = network === undefined ? {} : { network: networkOf(draft, network).id };
  draft.history.push({ at: LATER, action, container: containerOf(draft, 'web').id, ...of });
}

/** The engine remembers its last 256 events only. */
function forgetStart(draft: Survey): void {
  const [start] = events(draft, 'start');
  draft.history = draft.history.filter(({ at }) => BigInt(at) > BigInt(start!.at));
}

testMatcher('toHaveHostname', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('web')).toHaveHostname('web-1');
  },
  expects: ['web', 'web-1'],
  holds: {
    'engine and file say so': { says: 'the hostname of web is web-1' },
    'the file has the domain after it': {
      change: (draft) => {
        sandboxOf(draft, 'web').hostname = 'web-1.example.org';
      },
      says: 'the hostname of web is web-1',
    },
  },
  fails: {
    'it has another': {
      change: (draft) => {
        containerOf(draft, 'web').hostname = 'web';
      },
      says: 'the hostname of web is web',
    },
    'the file says another': {
      change: (draft) => {
        sandboxOf(draft, 'web').hostname = 'web-10';
      },
      says: '/etc/hostname of web says web-10',
    },
    'the file is empty': {
      change: (draft) => {
        sandboxOf(draft, 'web').hostname = '';
      },
      says: '/etc/hostname of web says nothing',
    },
  },
  settled: 'the engine says it, and the file is read',
});

testMatcher('toHaveItsIdAsHostname', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('plain')).toHaveItsIdAsHostname();
  },
  expects: 'plain',
  holds: {
    'it begins like its id': { says: `the hostname of plain is ${containerOf(survey, 'plain').id.slice(0, 12)}` },
  },
  fails: {
    'it was given one': {
      change: (draft) => {
        containerOf(draft, 'plain').hostname = 'plain';
      },
      says: 'the hostname of plain is plain',
    },
    'it is that of another container': {
      change: (draft) => {
        containerOf(draft, 'plain').id = '0'.repeat(64);
      },
      expects: '000000000000',
      says: 'the hostname of plain is',
    },
  },
  settled: 'the engine says both',
});

testMatcher('toComeFromTheImage', {
  of: recorded('inspect-busybox'),
  asserts: (lab) => {
    expect(lab.role('busybox')).toComeFromTheImage('busybox');
  },
  expects: 'busybox',
  holds: {
    'it runs the image': { says: 'busybox' },
    'it runs one that was built from it': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'busybox'), { image: 'box', ancestors: ['box', 'busybox'] });
      },
      says: 'comes from the image box',
    },
    'nobody knows any more what the image was built from, but what it is called': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'busybox'), { image: 'busybox:1.36', ancestors: [] });
      },
      says: 'busybox:1.36',
    },
  },
  fails: {
    'it runs another image': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'busybox'), { image: 'alpine:3', ancestors: ['alpine'] });
      },
      says: ['alpine:3', 'not from busybox'],
    },
  },
  settled: 'the engine says it',
});

testMatcher('toComeFromOneImageThatExposes', {
  of: recorded('expose-vs-publish'),
  asserts: (lab) => {
    expect([lab.role('exposed'), lab.role('published')]).toComeFromOneImageThatExposes(8080);
  },
  expects: ['exposed and published', '8080'],
  holds: {
    'both run it': { says: ['exposed and published run', '8080/tcp'] },
    'it was built twice, and Compose has labelled each': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'exposed'), { imageId: 'sha256:another', imageConfig: 'the same' });
        containerOf(draft, 'published').imageConfig = 'the same';
      },
      says: '8080/tcp',
    },
  },
  fails: {
    'two images have the same files and say different things': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'exposed'), { imageId: 'sha256:another', imageConfig: 'no CMD' });
        containerOf(draft, 'published').imageConfig = 'a CMD';
      },
      says: ['run different images', 'not what they say besides'],
    },
    'one runs another image': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'exposed'), { imageId: 'sha256:another', imageLayers: ['sha256:layer'] });
      },
      says: 'exposed and published run different images',
    },
    'nothing is known of what either consists of, and the ids differ': {
      change: (draft) => {
        for (const each of draft.containers) Object.assign(each, { imageId: each.name, imageLayers: [] });
      },
      says: 'exposed and published run different images',
    },
    'it exposes another port': {
      change: (draft) => {
        for (const each of draft.containers) each.exposedByImage = ['80/tcp'];
      },
      says: ['exposed', '8080'],
    },
    'it exposes the port for UDP': {
      change: (draft) => {
        for (const each of draft.containers) each.exposedByImage = ['8080/udp'];
      },
      says: ['exposed', '8080'],
    },
  },
  settled: 'the engine lists images',
});

const startedOnA: Assertion = (lab) => {
  expect(lab.role('web')).toHaveStartedOn(lab.network('net-a'));
};

testMatcher('toHaveStartedOn', {
  of: survey,
  asserts: startedOnA,
  expects: ['web', 'net-a'],
  holds: {
    'it was connected before it was started': { says: 'web was on net-a from the start' },
    'it left and joined again while it ran': {
      change: (draft) => {
        happens(draft, 'disconnect', 'net-a');
        happens(draft, 'connect', 'net-a');
      },
      says: 'web was on net-a from the start',
    },
  },
  fails: {
    'it was connected after it was started': {
      change: (draft) => {
        events(draft, 'connect', 'net-a')[0]!.at = LATER;
      },
      says: 'web was not on net-a when its process was started',
    },
    'it had left before it was started': {
      change: (draft) => {
        const [start] = events(draft, 'start');
        happens(draft, 'disconnect', 'net-a');
        draft.history.at(-1)!.at = String(BigInt(start!.at) - 1n);
      },
      says: 'web was not on net-a when its process was started',
    },
    'only another container was on it': {
      change: (draft) => {
        events(draft, 'connect', 'net-a')[0]!.container = containerOf(draft, 'plain').id;
      },
      says: 'web was not on net-a when its process was started',
    },
    'the submission has made the engine forget': {
      change: forgetStart,
      says: '256 events',
    },
  },
  withheld: {
    'others have made the engine forget': {
      change: (draft) => {
        forgetStart(draft);
        draft.engine.live = true;
      },
      says: ['web', '256 events'],
    },
  },
});

testMatcher('toHaveJoinedWhileRunning', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('web')).toHaveJoinedWhileRunning(lab.network('net-b'));
  },
  expects: ['web', 'net-b'],
  holds: {
    'it was connected after it was started': { says: 'web was connected to net-b after its start' },
    'the engine has forgotten the start, but not what came after': {
      change: forgetStart,
      says: 'web was connected to net-b after its start',
    },
  },
  fails: {
    'it was never connected': {
      change: (draft) => {
        draft.history = draft.history.filter(({ network }) => network !== networkOf(draft, 'net-b').id);
      },
      says: 'web was never connected to net-b',
    },
    'it was started again': {
      change: (draft) => {
        happens(draft, 'start');
      },
      says: 'web was started again after it had been connected to net-b',
    },
    'it was connected before it was started': {
      change: (draft) => {
        events(draft, 'connect', 'net-b')[0]!.at = '1';
      },
      says: 'web was already on net-b',
    },
    'the submission has made the engine forget': {
      change: (draft) => {
        draft.history = [];
      },
      says: '256 events',
    },
  },
  withheld: {
    'others have made the engine forget': {
      change: (draft) => {
        draft.history = [];
        draft.engine.live = true;
      },
      says: ['web', '256 events'],
    },
  },
});
