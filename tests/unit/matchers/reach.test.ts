import { expect } from '@jest/globals';
import {
  THE_HOST,
  type FirewallFacts,
  type PassageFacts,
  type ReachFacts,
  type Survey,
} from '../../../helpers/survey/facts.ts';
import type { WayFacts, WaysFacts } from '../../../helpers/survey/way-facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, recorded } from '../../helpers/surveys.ts';

const survey = recorded('user-defined-bridge');
const exercise2 = recorded('nginx-flask-mongo');
const [ALPINE2, ALPINE3] = ['alpine2', 'alpine3'].map(
  (role) => containerOf(survey, role).attachments[0]!.addresses[0]!,
);

/** What was tried from one container to another. */
function between(draft: Survey, from: string, to: string): { outcome: string }[] {
  return [...draft.reach, ...draft.pings].filter((each) => each.from === from && each.to === to);
}

function forget(draft: Survey, wanted: (each: { from: string; to: string; address: string }) => boolean): void {
  draft.reach = draft.reach.filter((each) => !wanted(each));
  draft.pings = draft.pings.filter((each) => !wanted(each));
}

/** Nobody but `from` has tried to get to alpine3, and with this outcome. */
function onlyControl(draft: Survey, from: string, outcome: ReachFacts['outcome'], again?: ReachFacts['outcome']): void {
  forget(draft, (each) => each.to === 'alpine3' && each.from !== 'alpine1');
  const control = { from, to: 'alpine3', address: ALPINE3!, port: 80, way: 'address', outcome, ms: 1 } as const;
  draft.reach.push(again === undefined ? control : { ...control, again });
}

/** What came of sending something from alpine1 to everybody else. */
function sent(missed: number, ...ways: Partial<WayFacts>[]): WaysFacts {
  const door = { address: '10.0.0.9', port: 4000, at: 'sandbox', container: 'helper' } as const;
  const station = { address: '10.0.0.9', from: '10.0.0.1' };
  const way: WayFacts = {
    ...{ from: 'alpine1', to: 'alpine3', door, form: 'raw' },
    stations: [
      { ...station, container: 'helper', port: 4000 },
      { ...station, container: 'alpine3', port: 80 },
    ],
  };
  const tried = [{ from: 'alpine1', to: 'alpine3', open: 2, missed }];
  return { tried, ways: ways.map((each) => ({ ...way, ...each })) };
}

/** One rule that is not Docker's, and what passes from alpine1. */
function firewall(...passages: Partial<PassageFacts>[]): FirewallFacts {
  const held = { from: 'alpine1', to: 'alpine3', address: ALPINE3!, passes: false, rules: [], heldByEngine: true };
  return {
    added: ['iptables -A FORWARD -j ACCEPT'],
    addedInAll: 1,
    doors: [],
    passages: passages.map((each) => ({ ...held, ...each })),
  };
}

testMatcher('toReach', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('alpine1')).toReach(lab.role('alpine2'));
  },
  expects: ['alpine1', 'reaches alpine2'],
  holds: {
    'the other refuses, and answers the ping': {
      says: `alpine2 answers alpine1's ping at ${ALPINE2}`,
      shows: [`ping -c 1 -W 1 ${ALPINE2}\nanswered`, 'alpine1 and alpine2 share\nalpine-net'],
    },
    'it only refuses: the packet got there': {
      change: (draft) => {
        draft.pings = [];
      },
      says: `alpine1 reaches alpine2 at ${ALPINE2}:9`,
    },
    'a port that it publishes is open': {
      of: exercise2,
      asserts: (lab) => {
        expect(lab.role('mongo')).toReach(lab.role('nginx'));
      },
      expects: 'mongo reaches nginx',
      says: ['mongo reaches nginx at', ':8080', 'publishes'],
    },
    'the other is on another machine': {
      of: recorded('overlay-network'),
      asserts: (lab) => {
        expect(lab.role('alpine1')).toReach(lab.secondMachine().role('alpine2'));
      },
      says: "alpine2 answers alpine1's ping",
    },
  },
  fails: {
    'nobody answers': {
      change: (draft) => {
        for (const each of between(draft, 'alpine1', 'alpine2')) each.outcome = 'no-answer';
      },
      says: 'no connection from alpine1 to alpine2 (no-answer)',
    },
    'no route leads there': {
      change: (draft) => {
        for (const each of between(draft, 'alpine1', 'alpine2')) each.outcome = 'unreachable';
      },
      says: 'no connection from alpine1 to alpine2 (unreachable)',
    },
    'the host refuses at the port that is published': {
      change: (draft) => {
        draft.pings = [];
        for (const each of draft.reach) each.way = 'published';
      },
      says: 'no connection from alpine1 to alpine2 (refused)',
    },
    'only others reach it': {
      change: (draft) => {
        for (const each of between(draft, 'alpine1', 'alpine2')) each.outcome = 'no-answer';
        draft.reach.push({ ...draft.reach[0]!, from: 'alpine4', outcome: 'open' });
      },
      says: 'no connection from alpine1 to alpine2',
    },
    'it has no address': {
      change: (draft) => {
        forget(draft, ({ to }) => to === 'alpine2');
        for (const each of containerOf(draft, 'alpine2').attachments) each.addresses = [];
      },
      says: 'it has no address',
    },
  },
  inconclusive: {
    'none of its addresses was tried': {
      change: (draft) => {
        forget(draft, ({ from, to }) => from === 'alpine1' && to === 'alpine2');
      },
      says: ['alpine2', 'alpine1'],
    },
  },
});

testMatcher('not.toReach', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('alpine1')).not.toReach(lab.role('alpine3'));
  },
  expects: ['alpine1', 'no connection', 'alpine3'],
  holds: {
    'nobody answers, and somebody else is answered': {
      says: 'no connection from alpine1 to alpine3 (no-answer)',
      shows: [`nc -v -w 2 ${ALPINE3} 9\nno-answer`, 'alpine1 and alpine3 share\n(none)', 'at the same time'],
    },
    'no route leads there': {
      change: (draft) => {
        for (const each of between(draft, 'alpine1', 'alpine3')) each.outcome = 'unreachable';
      },
      says: 'no connection from alpine1 to alpine3 (unreachable)',
    },
    'the host refuses at the port that is published': {
      change: (draft) => {
        draft.reach.push({
          ...{ from: 'alpine1', to: 'alpine3', address: '198.51.100.1', port: 8080 },
          ...{ way: 'published', outcome: 'refused', ms: 1 },
        });
      },
      says: 'no connection from alpine1 to alpine3 (no-answer, refused)',
    },
    'a container is the control, and gets through to the end': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'open', 'open');
      },
      says: 'no connection from alpine1 to alpine3',
      shows: `container:alpine4 busybox nc -v -w 2 ${ALPINE3} 80   # at the same time\nopen`,
    },
    'the control is refused: its packet got there': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'refused');
      },
      says: 'no connection from alpine1 to alpine3',
    },
    'the host is the control': {
      change: (draft) => {
        forget(draft, ({ from, to }) => to === 'alpine3' && ![THE_HOST, 'alpine1'].includes(from));
      },
      says: 'no connection from alpine1 to alpine3',
      shows: `ping -c 1 -W 1 ${ALPINE3}   # on the host, at the same time\nanswered`,
    },
    'others have ways round, and what alpine1 sent arrived nowhere': {
      change: (draft) => {
        draft.ways = sent(0, { from: 'alpine2' });
      },
      says: 'no connection from alpine1 to alpine3',
      shows: 'looked for in the sandbox of alpine3\nnothing arrived',
    },
    'nobody could listen': {
      change: (draft) => {
        draft.ways = sent(0);
        draft.ways.tried[0]!.unheard = 'not allowed';
      },
      says: 'no connection from alpine1 to alpine3',
      shows: 'looked for in the sandbox of alpine3\n(not tried: this machine lets nobody listen)',
    },
    'others have ways through the firewall, and rules that are not Docker’s are shown': {
      change: (draft) => {
        draft.firewall = firewall({ to: 'alpine2', passes: true }, { to: 'alpine4', heldByEngine: false });
      },
      says: 'no connection from alpine1 to alpine3',
      shows: 'firewall rules on the machine that Docker did not make\niptables -A FORWARD -j ACCEPT',
    },
    'a port of the host that is forwarded is refused, by the host': {
      change: (draft) => {
        draft.reach.push({
          ...{ from: 'alpine1', to: 'alpine3', address: '198.51.100.1', port: 31337 },
          ...{ way: 'forwarded', outcome: 'refused', ms: 1 },
        });
      },
      says: 'no connection from alpine1 to alpine3 (no-answer, refused)',
    },
  },
  fails: {
    'there are too many doors to try': {
      change: (draft) => {
        draft.ways = sent(0);
        draft.ways.tried[0]!.untried = 7;
      },
      says: 'so many ports are there for alpine1 that 7 of them were not tried: nobody can tell whether one leads to alpine3',
    },
    'somebody else passes on what is sent to him': {
      change: (draft) => {
        draft.ways = sent(3, {});
      },
      says: "alpine1 gets through to alpine3 by way of helper (port 4000): bytes that alpine1 sent there arrived in alpine3's sandbox (alpine1 -> helper:4000 -> alpine3:80)",
      shows: 'everybody else who listens (2 open ports), looked for in the sandbox of alpine3\nalpine1 -> helper:4000',
    },
    'a port of the host that nobody is known to hold leads there': {
      change: (draft) => {
        const door = { address: '10.0.0.1', port: 31337, at: 'host' } as const;
        const stations = [{ container: 'alpine3', address: '10.0.1.2', port: 80, from: '10.0.0.1' }];
        draft.ways = sent(0, { door, stations });
      },
      says: "by way of the host (port 31337): bytes that alpine1 sent there arrived in alpine3's sandbox (alpine1 -> port 31337 of the host -> alpine3:80)",
    },
    'somebody else asks in its name': {
      change: (draft) => {
        draft.ways = sent(0, { form: 'asked', stations: [] });
      },
      says: 'by way of helper (port 4000): whenever it is asked there, it asks alpine3, and it answers otherwise while alpine3 is paused',
    },
    'the firewall lets some packets through': {
      change: (draft) => {
        draft.firewall = firewall({ to: 'alpine3', passes: true, rules: ['iptables -A FORWARD -j ACCEPT'] });
      },
      says: 'lets packets of alpine1 through to alpine3: iptables -A FORWARD -j ACCEPT',
    },
    'the engine’s own rules hold nothing back any more': {
      change: (draft) => {
        draft.firewall = firewall({ to: 'alpine3', heldByEngine: false });
      },
      says: 'Docker’s own firewall rules no longer keep alpine1 and alpine3 apart',
    },
    'there are too many rules to follow': {
      change: (draft) => {
        draft.firewall = { ...firewall(), unclear: 'too many' };
      },
      says: 'so many firewall rules (1)',
    },
    'there are rules that iptables cannot show': {
      change: (draft) => {
        draft.firewall = { ...firewall(), unclear: 'not shown' };
      },
      says: 'firewall rules that iptables cannot show',
    },
    'a port of the host that is forwarded leads there': {
      change: (draft) => {
        draft.reach.push({
          ...{ from: 'alpine1', to: 'alpine3', address: '198.51.100.1', port: 31337 },
          ...{ way: 'forwarded', outcome: 'open', ms: 1, again: 'open' },
        });
      },
      says: 'alpine1 reaches alpine3 at 198.51.100.1:31337, through a port of the host that a firewall rule forwards',
    },
    'a connection opens': {
      change: (draft) => {
        for (const each of draft.reach) if (each.from === 'alpine1' && each.to === 'alpine3') each.outcome = 'open';
      },
      says: `alpine1 reaches alpine3 at ${ALPINE3}:9`,
    },
    'it is refused: the packet got there': {
      change: (draft) => {
        for (const each of draft.reach) if (each.from === 'alpine1' && each.to === 'alpine3') each.outcome = 'refused';
      },
      says: [`alpine1 reaches alpine3 at ${ALPINE3}:9`, 'the packet arrived'],
      shows: `nc -v -w 2 ${ALPINE3} 9\nrefused`,
    },
    'the ping is answered': {
      change: (draft) => {
        for (const each of draft.pings) if (each.to === 'alpine3') each.outcome = 'answered';
      },
      says: `alpine3 answers alpine1's ping at ${ALPINE3}`,
    },
    'it gets there through the port that is published': {
      change: (draft) => {
        draft.reach.push({
          ...{ from: 'alpine1', to: 'alpine3', address: '198.51.100.1', port: 8080 },
          ...{ way: 'published', outcome: 'open', ms: 1, again: 'open' },
        });
      },
      says: ['alpine1 reaches alpine3 at 198.51.100.1:8080', 'publishes on the host'],
    },
    'both use one sandbox': {
      change: (draft) => {
        draft.reach.push({
          ...{ from: 'alpine1', to: 'alpine3', address: '127.0.0.1', port: 80 },
          ...{ way: 'own-sandbox', outcome: 'open', ms: 1, again: 'open' },
        });
      },
      says: ['alpine1 reaches alpine3 at 127.0.0.1:80', 'one sandbox'],
    },
    'it was open only at first: it has been reached all the same': {
      change: (draft) => {
        for (const each of draft.reach)
          if (each.from === 'alpine1' && each.to === 'alpine3')
            Object.assign(each, { outcome: 'open', again: 'no-answer' });
      },
      says: `alpine1 reaches alpine3 at ${ALPINE3}:9`,
    },
    'nobody else was answered: the control is not open': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'no-answer');
      },
      says: 'nobody gets an answer from alpine3',
    },
    'the control was closed afterwards': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'open', 'no-answer');
      },
      says: 'nobody gets an answer from alpine3',
    },
    'no route led to the control afterwards': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'open', 'unreachable');
      },
      says: 'nobody gets an answer from alpine3',
    },
    'the control was not asked again': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'open');
      },
      says: 'nobody gets an answer from alpine3',
    },
    'the control uses the sandbox of the target': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'open', 'open');
        containerOf(draft, 'alpine4').sandboxOf = 'alpine3';
      },
      says: 'nobody gets an answer from alpine3',
    },
    'the host refused the control at a published port': {
      change: (draft) => {
        onlyControl(draft, 'alpine4', 'refused');
        for (const each of draft.reach) each.way = 'published';
      },
      says: 'nobody gets an answer from alpine3',
    },
    'it has no address: it is not isolated, it is away': {
      change: (draft) => {
        forget(draft, ({ to }) => to === 'alpine3');
        for (const each of containerOf(draft, 'alpine3').attachments) each.addresses = [];
      },
      says: 'nobody gets an answer from alpine3',
    },
  },
  inconclusive: {
    'not all packets could be looked at': {
      change: (draft) => {
        draft.ways = sent(3);
      },
      says: 'so many packets came to alpine3 that 3 of them could not be looked at',
    },
    'nothing was tried': {
      change: (draft) => {
        forget(draft, ({ from, to }) => from === 'alpine1' && to === 'alpine3');
      },
      says: ['alpine3', 'alpine1'],
    },
    'one of its addresses was not tried': {
      change: (draft) => {
        containerOf(draft, 'alpine3').attachments.push({
          ...{ network: 'other', networkId: 'n', addresses: ['10.9.8.7'], aliases: [], gateway: '' },
        });
      },
      says: ['10.9.8.7', 'alpine3'],
    },
  },
});
