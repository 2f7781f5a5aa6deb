import { expect } from '@jest/globals';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('sandbox');
const READ = 'every namespace has a number';

testMatcher('toShareTheHostsSandbox', {
  of: recorded('host-network'),
  asserts: (lab) => {
    expect(lab.role('my_nginx')).toShareTheHostsSandbox();
  },
  expects: ['my_nginx', "the host's"],
  holds: {
    'it is there': { says: "my_nginx uses the host's sandbox" },
  },
  fails: {
    'it has one of its own': {
      change: (draft) => {
        containerOf(draft, 'my_nginx').networkMode = 'bridge';
        sandboxOf(draft, 'my_nginx').namespace = 1;
      },
      says: ['my_nginx has a sandbox of its own', 'network mode bridge'],
    },
    'its process has left it': {
      change: (draft) => {
        sandboxOf(draft, 'my_nginx').namespace = 1;
      },
      says: "my_nginx was started in the host's sandbox",
    },
    'its process has gone there by itself': {
      change: (draft) => {
        containerOf(draft, 'my_nginx').networkMode = 'bridge';
      },
      says: ['network mode bridge', 'process has'],
    },
  },
  settled: READ,
});

testMatcher('toShareTheSandboxOf', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('c')).toShareTheSandboxOf(lab.role('a'));
  },
  expects: ['c', 'the sandbox of a'],
  holds: {
    'both are in one': { says: 'c and a are in one sandbox' },
  },
  fails: {
    'it has one of its own': {
      change: (draft) => {
        containerOf(draft, 'c').sandboxOf = 'box-c';
        sandboxOf(draft, 'c').namespace = 1;
      },
      says: 'c does not use the sandbox of a: it has one of its own (network mode bridge)',
    },
    'it is in that of another': {
      change: (draft) => {
        containerOf(draft, 'c').sandboxOf = 'box-b';
        sandboxOf(draft, 'c').namespace = sandboxOf(draft, 'b').namespace;
      },
      says: 'it is in that of box-b',
    },
    "it is in the host's": {
      change: (draft) => {
        sandboxOf(draft, 'c').namespace = draft.host.sandbox.namespace;
      },
      says: "it is in the host's",
    },
    'the other was started again, and has a new one': {
      change: (draft) => {
        sandboxOf(draft, 'a').namespace = 1;
      },
      says: 'it is still in the old one',
    },
  },
  settled: READ,
});

testMatcher('toHaveSandboxesOfTheirOwn', {
  of: survey,
  asserts: (lab) => {
    expect([lab.role('a'), lab.role('b')]).toHaveSandboxesOfTheirOwn();
  },
  expects: ['a and b', 'interfaces and routes'],
  holds: {
    'each has its own': { says: ['a has eth0 with', 'b has eth0 with'] },
  },
  fails: {
    'both are in one': {
      change: (draft) => {
        sandboxOf(draft, 'b').namespace = sandboxOf(draft, 'a').namespace;
      },
      says: 'a and b share one sandbox',
    },
    "one is in the host's": {
      change: (draft) => {
        sandboxOf(draft, 'b').namespace = draft.host.sandbox.namespace;
      },
      says: "b uses the host's sandbox",
    },
    'one has no interfaces': {
      change: (draft) => {
        sandboxOf(draft, 'b').interfaces = [];
      },
      says: 'b has no interface but lo',
    },
    'one has no routes': {
      change: (draft) => {
        sandboxOf(draft, 'a').routes = [];
      },
      says: 'a has no routes',
    },
  },
  settled: READ,
});
