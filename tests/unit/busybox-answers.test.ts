import { describe, expect, test } from '@jest/globals';
import { judgeConsistency, missingGround } from '../../helpers/judge/answers/busybox-consistency.ts';
import { judgeExactly, type BusyboxTruth } from '../../helpers/judge/answers/busybox-exact.ts';
import { QUESTIONS, type BusyboxQuestion } from '../../helpers/judge/answers/busybox-questions.ts';

type Sheet = Partial<Record<BusyboxQuestion, string>>;

const RIGHT: Record<BusyboxQuestion, string> = {
  q1: 'bridge',
  q2: '13: veth6a12b17@if12',
  q3: '12: eth0@if13',
  q4: '172.17.0.2',
  q5: '172.17.0.1',
  q6: '172.17.0.1',
  q7: '192.168.1.1',
  q8: '192.168.1.1',
  q9: 'my-net',
  q10: '172.17.0.2 and 172.18.0.2',
  q11: '127.0.0.11, Docker’s own server',
};

function given(changed: Sheet): Record<string, string[]> {
  const sheet: Sheet = { ...RIGHT, ...changed };
  return Object.fromEntries(Object.entries(sheet).map(([question, text]) => [question, text === '' ? [] : [text]]));
}

/** Questions whose answers are wrong, and those that cannot be judged. */
function wrongIn(changed: Sheet): BusyboxQuestion[] {
  return QUESTIONS.filter(
    (question) =>
      missingGround(question, given(changed)) === undefined &&
      judgeConsistency(question, given(changed)).trouble !== undefined,
  );
}

describe('answers about a machine that nobody has seen', () => {
  test.each<[string, Sheet]>([
    ['single words', {}],
    [
      'sentences',
      {
        q1: 'It was started on the default bridge network.',
        q2: 'veth6a12b17 is the other end of eth0',
        q3: 'Inside it is called eth0, the other end is veth6a12b17',
        q4: 'Its address is 172.17.0.2/16.',
        q5: 'default via 172.17.0.1 dev eth0',
        q6: '3: docker0: inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0',
        q9: 'I made the network lab_net with docker network create lab_net.',
        q10: 'ping 172.17.0.2 and ping 172.18.0.2 are both answered',
        q11: '127.0.0.11, which passes other names on to 192.168.1.1',
      },
    ],
    ['the gateway of an address', { q5: 'the gateway of 172.17.0.2 is 172.17.0.1' }],
    ['a host with nothing but a nameserver of its own', { q7: '8.8.8.8 and 8.8.4.4', q8: 'nameserver 127.0.0.1' }],
    ['the nameserver of Docker Desktop', { q7: '192.168.65.7', q8: '192.168.65.7' }],
    ['the nameservers of a Mac around it', { q7: '192.168.65.7', q8: '192.168.1.254; 192.168.65.7 is the VM' }],
    ['a Mac’s alone', { q7: '192.168.65.7', q8: 'scutil --dns says 10.0.0.1' }],
    ['those of Colima', { q7: '192.168.5.2', q8: '192.168.1.1' }],
    ['a meaning in another language', { q11: '127.0.0.11, also fragt er den eingebauten Server' }],
    ['a meaning in Hebrew', { q11: '127.0.0.11 שרת השמות של המנוע' }],
    ['the file and what it means', { q11: 'nameserver 127.0.0.11\noptions ndots:0\nIt is Docker’s.' }],
    ['the stub and whom it asks', { q8: '127.0.0.53, which asks 192.168.1.1' }],
    ['two nameservers in another order', { q7: '1.1.1.1, 192.168.1.1', q8: '192.168.1.1, 1.1.1.1' }],
    ['nameservers with IPv6 addresses only', { q7: '2001:db8::1', q8: '2001:db8::1' }],
    ['another default pool', { q4: '10.5.255.2/24', q5: '10.5.255.1', q6: '10.5.255.1', q10: '10.5.255.2, 10.5.0.2' }],
    ['numbers of an older engine', { q2: '7: vethab@if6', q3: '6: eth0@if7' }],
    ['one number only', { q2: 'veth6a12b17@if12', q3: 'eth0' }],
  ])('%s are understood', (_, changed) => {
    expect(wrongIn(changed)).toEqual([]);
  });

  test.each<[BusyboxQuestion, string, RegExp]>([
    ['q1', 'my-bridge', /bridge/],
    ['q1', 'host', /bridge/],
    ['q1', 'bridge, host, none', /which one/],
    ['q2', 'eth0', /no interface called veth/],
    ['q2', 'veth1 and veth2', /several/],
    ['q3', 'lo', /no interface called eth/],
    ['q3', 'eth1', /eth0/],
    ['q3', '12: eth0@if15', /q2 says .* and q3 says/],
    ['q4', '172.17.0.300', /172\.17\.0\.300, which is not an IPv4 address/],
    ['q4', 'busybox', /no address/],
    ['q4', '127.0.0.1', /loopback/],
    ['q5', '172.17.0.2', /its own gateway/],
    ['q5', '192.168.1.1', /q4 says 172\.17\.0\.2 and q5 says 192\.168\.1\.1/],
    ['q6', '172.18.0.1', /q5 says 172\.17\.0\.1 and q6 says 172\.18\.0\.1/],
    ['q7', '127.0.0.11', /own nameserver/],
    ['q7', '127.0.0.53', /loopback/],
    ['q8', '1.1.1.1', /q7 says 192\.168\.1\.1 and q8 says 1\.1\.1\.1/],
    ['q8', '127.0.0.53', /whom does that one ask/],
    ['q9', 'bridge', /from the start/],
    ['q9', 'a network of my own', /no name/],
    ['q9', 'my-net, bridge, host, none', /which one/],
    ['q10', '172.17.0.2', /one address/],
    ['q10', '172.17.0.2, 172.18.0.2, 172.19.0.2', /3 addresses/],
    ['q10', '172.18.0.2 and 172.19.0.2', /q4 says 172\.17\.0\.2 and q10 says/],
    ['q10', '172.17.0.2 and 172.17.0.3', /one subnet/],
    ['q10', '172.17.0.2 and 172.17.0.1', /q5 and q10 both say/],
    ['q11', '192.168.1.1', /127\.0\.0\.11/],
    ['q11', '127.0.0.111', /127\.0\.0\.11/],
    ['q11', '127.0.0.11', /not what that means/],
    ['q11', 'nameserver 127.0.0.11', /not what that means/],
    ['q11', 'It uses the DNS server 127.0.0.11 now.', /not what that means/],
    ['q11', '# Generated by Docker Engine.\nnameserver 127.0.0.11\noptions ndots:0', /not what that means/],
  ])('%s: %s is wrong, and only that', (question, text, trouble) => {
    expect(wrongIn({ [question]: text })).toEqual([question]);
    expect(judgeConsistency(question, given({ [question]: text })).trouble).toMatch(trouble);
  });

  test('on Docker Desktop, the loopback of some other machine is no answer', () => {
    expect(wrongIn({ q7: '192.168.65.7', q8: '127.0.0.53' })).toEqual(['q8']);
  });

  test.each(QUESTIONS)('%s without an answer says so', (question) => {
    expect(judgeConsistency(question, given({ [question]: '' })).trouble).toBe(`${question} has no answer`);
  });

  test.each<[BusyboxQuestion, BusyboxQuestion[]]>([
    ['q4', ['q5', 'q10']],
    ['q5', ['q6']],
    ['q7', ['q8']],
    ['q2', []],
  ])('what is compared with a useless %s cannot be judged', (question, blocked) => {
    const without = given({ [question]: '' });
    expect(QUESTIONS.filter((each) => missingGround(each, without)?.question === question)).toEqual(blocked);
  });
});

describe('answers about the machine that was seen', () => {
  const TRUTH: BusyboxTruth = {
    startedOn: ['bridge'],
    hostEnd: 'veth6a12b17',
    innerEnd: 'eth0',
    address: '172.17.0.2',
    docker0: ['172.17.0.1'],
    copiedServers: ['192.168.1.1', '2001:db8::1'],
    hostServers: ['192.168.1.1', '2001:db8::1'],
    made: ['lab_my-net', 'my-net'],
    addresses: ['172.17.0.2', '172.18.0.2'],
  };
  const wrong = (changed: Sheet, truth: Partial<BusyboxTruth> = {}): BusyboxQuestion[] =>
    QUESTIONS.filter(
      (question) => judgeExactly(question, given(changed), { ...TRUTH, ...truth }).trouble !== undefined,
    );

  test('right answers are right', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ q11: '127.0.0.11' })).toEqual([]);
    expect(wrong({ q9: 'docker network create lab_my-net', q7: '192.168.1.1, 2001:db8::1' })).toEqual([]);
  });

  test('of a host with systemd-resolved, its stub is as right as whom that one asks', () => {
    const stub = { hostServers: ['127.0.0.53'], copiedServers: ['192.168.1.1'] };
    for (const q8 of ['127.0.0.53', '192.168.1.1', '127.0.0.53 asks 192.168.1.1'])
      expect(wrong({ q8 }, stub)).toEqual([]);
    expect(wrong({ q8: '1.1.1.1' }, stub)).toEqual(['q8']);
  });

  test.each<[BusyboxQuestion, string]>([
    ['q1', 'my-net'],
    ['q2', 'veth0000000'],
    ['q2', 'veth6a12b17 veth0000000'],
    ['q3', 'eth1'],
    ['q4', '172.17.0.3'],
    ['q5', '172.18.0.1'],
    ['q6', '172.18.0.1'],
    ['q7', '127.0.0.11'],
    ['q7', '192.168.1.1, 1.1.1.1'],
    ['q8', '127.0.0.1'],
    ['q9', 'bridge'],
    ['q9', 'my-net, bridge, host, none'],
    ['q10', '172.17.0.2'],
    ['q11', '192.168.1.1'],
  ])('%s: %s is wrong, and only that', (question, text) => {
    expect(wrong({ [question]: text })).toEqual([question]);
  });

  test('nothing is right where nothing was answered', () => {
    const nothing = Object.fromEntries(QUESTIONS.map((question) => [question, ''])) as Sheet;
    expect(wrong(nothing, { addresses: [] })).toEqual([...QUESTIONS]);
  });
});
