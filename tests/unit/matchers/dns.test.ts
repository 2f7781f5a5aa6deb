import { expect } from '@jest/globals';
import type { NameFacts, Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('dns-services');
const namesOnly = recorded('default-bridge');
const withNames = recorded('user-defined-bridge');
const HOSTS_OWN = '203.0.113.53';

testMatcher('toCopyTheHostsNameservers', {
  of: survey,
  asserts: (lab) => {
    expect([lab.role('on-default')]).toCopyTheHostsNameservers();
  },
  expects: ['on-default', 'the host'],
  holds: {
    "it has the host's": { says: `on-default and the host use ${HOSTS_OWN}` },
    "it has those that the host's resolver asks": {
      change: (draft) => {
        draft.host.sandbox.resolvConf = 'nameserver 127.0.0.53\n';
        draft.host.upstreamResolvConf = `nameserver ${HOSTS_OWN}\n`;
      },
      says: `on-default and the host use ${HOSTS_OWN}`,
    },
    'the host has one on IPv6 that is not copied': {
      change: (draft) => {
        draft.host.sandbox.resolvConf += 'nameserver 2001:db8::53\n';
      },
      says: `on-default and the host use ${HOSTS_OWN}`,
    },
    "all of the host's are on its loopback, so it has Docker's usual ones": {
      change: (draft) => {
        draft.host.sandbox.resolvConf = 'nameserver 127.0.0.1\n';
        sandboxOf(draft, 'on-default').resolvConf = 'nameserver 8.8.8.8\nnameserver 8.8.4.4\n';
      },
      says: '8.8.8.8 and 8.8.4.4',
    },
  },
  fails: {
    'it has another': {
      change: (draft) => {
        sandboxOf(draft, 'on-default').resolvConf = 'nameserver 9.9.9.9\n';
      },
      says: ['on-default uses 9.9.9.9', HOSTS_OWN],
    },
    'it has one more': {
      change: (draft) => {
        sandboxOf(draft, 'on-default').resolvConf += 'nameserver 9.9.9.9\n';
      },
      says: `on-default uses ${HOSTS_OWN} and 9.9.9.9`,
    },
    'it lacks one': {
      change: (draft) => {
        draft.host.sandbox.resolvConf += 'nameserver 9.9.9.9\n';
      },
      says: `the host uses ${HOSTS_OWN} and 9.9.9.9`,
    },
    'it has none': {
      change: (draft) => {
        sandboxOf(draft, 'on-default').resolvConf = '';
      },
      says: 'on-default uses no nameserver',
    },
  },
  settled: 'both files are read',
});

function privateAnswer(draft: Survey): NameFacts {
  const { name } = draft.host.privateName!;
  return draft.names.find((each) => each.from === 'on-custom' && each.name === name)!;
}

testMatcher('toForwardNamesToTheHost', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('on-custom')).toForwardNamesToTheHost();
  },
  expects: ['on-custom', "the host's nameserver"],
  holds: {
    "the host's own name is known": { says: ['only-this-host.netgrade.test', 'on-custom', '203.0.113.99'] },
  },
  fails: {
    'it is not known': {
      change: (draft) => {
        Object.assign(privateAnswer(draft), { outcome: 'no-such-name', addresses: [] });
      },
      says: ['only-this-host.netgrade.test', 'no such name'],
    },
    'somebody else answers': {
      change: (draft) => {
        privateAnswer(draft).addresses = ['10.9.8.7'];
      },
      says: ['203.0.113.99', '10.9.8.7'],
    },
  },
  inconclusive: {
    'it was not asked there': {
      change: (draft) => {
        draft.names = draft.names.filter(({ from }) => from !== 'on-custom');
      },
      says: ['only-this-host.netgrade.test', 'on-custom'],
    },
  },
  withheld: {
    'the host has no name of its own': {
      change: (draft) => {
        delete draft.host.privateName;
      },
      says: 'this host',
    },
  },
});

const HEIRLOOM = '203.0.113.77 sentinel.netgrade.test';

testMatcher('not.toInheritTheHostsFile', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('on-custom')).not.toInheritTheHostsFile();
  },
  expects: ['on-custom', 'none of'],
  holds: {
    "it has none of the host's entries": { says: '/etc/hosts of on-custom has none' },
    'it has an entry of this address with another name': {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts += '203.0.113.77 another\n';
      },
      says: '/etc/hosts of on-custom has none',
    },
    "the host's entry is in a comment": {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts += `# ${HEIRLOOM}\n`;
      },
      says: '/etc/hosts of on-custom has none',
    },
  },
  fails: {
    "it has one of the host's entries": {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts += `${HEIRLOOM}\n`;
      },
      says: `the host's file: ${HEIRLOOM}`,
    },
    'it has one of them with another name before it': {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts += '203.0.113.77 another sentinel.netgrade.test\n';
      },
      says: '203.0.113.77',
    },
    'the submission has emptied the file of our host': {
      change: (draft) => {
        draft.host.sandbox.hosts = '127.0.0.1 localhost\n';
      },
      says: 'the host has lost',
    },
  },
  withheld: {
    "another machine's file has no entry of its own": {
      change: (draft) => {
        draft.host.sandbox.hosts = '127.0.0.1 localhost\n';
        draft.engine.host = 'local';
      },
      says: 'no entry',
    },
  },
});

testMatcher('toInheritTheHostsFile', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('on-custom')).toInheritTheHostsFile();
  },
  expects: ['on-custom', '/etc/hosts'],
  holds: {
    "it has one of the host's entries": {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts += `${HEIRLOOM}\n`;
      },
      says: HEIRLOOM,
    },
  },
  fails: {
    'it has none': { says: '/etc/hosts of on-custom has none' },
  },
  withheld: {
    "another machine's file has no entry of its own": {
      change: (draft) => {
        draft.host.sandbox.hosts = '127.0.0.1 localhost\n';
        draft.engine.host = 'local';
      },
      says: 'no entry',
    },
  },
});

testMatcher('toHaveHostsEntry', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('on-custom')).toHaveHostsEntry('db.internal', '10.11.12.13');
  },
  expects: ['on-custom', 'db.internal', '10.11.12.13'],
  holds: {
    'the file says so': { says: '10.11.12.13 db.internal' },
  },
  fails: {
    'there is no entry': {
      change: (draft) => {
        sandboxOf(draft, 'on-custom').hosts = '127.0.0.1 localhost\n';
      },
      says: 'no entry for db.internal',
    },
    'it has another address': {
      change: (draft) => {
        const sandbox = sandboxOf(draft, 'on-custom');
        sandbox.hosts = sandbox.hosts.replace('10.11.12.13', '10.11.12.14');
      },
      says: 'db.internal is 10.11.12.14',
    },
    'an earlier line has another address': {
      change: (draft) => {
        const sandbox = sandboxOf(draft, 'on-custom');
        sandbox.hosts = `10.9.8.7 db.internal\n${sandbox.hosts}`;
      },
      says: 'db.internal is 10.9.8.7',
    },
  },
  settled: 'the file is read',
});

function answersTo(draft: Survey, name: string): NameFacts[] {
  return draft.names.filter((each) => each.from === 'alpine1' && each.name === name);
}

testMatcher('toFindByName', {
  of: withNames,
  asserts: (lab) => {
    expect(lab.role('alpine1')).toFindByName('alpine2', lab.role('alpine2'));
  },
  expects: ['alpine1', 'alpine2', 'leads to'],
  holds: {
    'its nameserver knows it': { says: ['127.0.0.11', 'alpine1', 'alpine2'] },
    'its hosts file knows it': {
      change: (draft) => {
        for (const each of answersTo(draft, 'alpine2')) each.addresses = [];
        sandboxOf(draft, 'alpine1').hosts += `${containerOf(draft, 'alpine2').attachments[0]!.addresses[0]} ALPINE2\n`;
      },
      says: '/etc/hosts of alpine1 knows alpine2',
    },
  },
  fails: {
    'nobody knows it': {
      change: (draft) => {
        for (const each of answersTo(draft, 'alpine2')) each.addresses = [];
      },
      says: ['alpine1', 'alpine2 is not known'],
    },
    'only a nameserver that it does not use knows it': {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').resolvConf = 'nameserver 9.9.9.9\n';
      },
      says: ['alpine1', 'alpine2 is not known'],
    },
    'the answer is another container': {
      change: (draft) => {
        for (const each of answersTo(draft, 'alpine2')) each.addresses = ['10.9.8.7'];
      },
      says: ['alpine1', 'alpine2 is not known'],
    },
  },
  inconclusive: {
    'its nameserver was not asked': {
      change: (draft) => {
        draft.names = [];
      },
      says: ['alpine2', 'alpine1'],
    },
  },
});

testMatcher('not.toFindByName', {
  of: namesOnly,
  asserts: (lab) => {
    expect(lab.role('alpine1')).not.toFindByName('alpine2', lab.role('alpine2'));
  },
  expects: ['alpine1', 'alpine2', 'not known'],
  holds: {
    "the host's nameserver does not know it": { says: ['alpine1', 'alpine2 is not known'] },
    'it uses a foreign nameserver, which is not asked': {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').resolvConf = 'nameserver 9.9.9.9\n';
        draft.names = [];
      },
      says: ['alpine1', 'alpine2 is not known'],
    },
    'only a nameserver that it does not use knows it': {
      change: (draft) => {
        const embedded = answersTo(draft, 'alpine2').find(({ server }) => server === '127.0.0.11')!;
        embedded.addresses = containerOf(draft, 'alpine2').attachments[0]!.addresses;
      },
      says: ['alpine1', 'alpine2 is not known'],
    },
  },
  fails: {
    "the host's nameserver knows it": {
      change: (draft) => {
        const [address] = containerOf(draft, 'alpine2').attachments[0]!.addresses;
        for (const each of answersTo(draft, 'alpine2')) each.addresses = [address!];
      },
      says: [HOSTS_OWN, 'alpine1', 'alpine2'],
    },
    'its hosts file knows it': {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').hosts += `${containerOf(draft, 'alpine2').attachments[0]!.addresses[0]} alpine2\n`;
      },
      says: '/etc/hosts of alpine1 knows alpine2',
    },
  },
  inconclusive: {
    'the nameserver that it uses was not asked': {
      change: (draft) => {
        draft.names = draft.names.filter(({ server }) => server !== HOSTS_OWN);
      },
      says: ['alpine2', 'alpine1', HOSTS_OWN],
    },
    "Docker's own was not asked, and it uses that": {
      change: (draft) => {
        sandboxOf(draft, 'alpine1').resolvConf = 'nameserver 127.0.0.11\n';
        draft.names = draft.names.filter(({ server }) => server !== '127.0.0.11');
      },
      says: ['alpine2', 'alpine1', '127.0.0.11'],
    },
  },
});
