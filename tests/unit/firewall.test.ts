/** Which firewall rules are the engine's, where others lead, and what passes: by rule sets that real engines made. */
import { describe, expect, test } from '@jest/globals';
import { GENERATIONS } from '../../helpers/machine/setup/generations.ts';
import { bridgesOf } from '../../helpers/survey/firewall/engine-rules.ts';
import { nativeRules } from '../../helpers/survey/firewall/doors.ts';
import { recordedOn, seenOf, withRules, type Recorded } from '../helpers/firewalls.ts';
import { elementsIn, portsMentioned } from '../../helpers/survey/firewall/mentioned.ts';

function bridgeOf({ networks }: Recorded, name: string): string {
  const network = networks.find((each) => each.name === name)!;
  return bridgesOf([network])[0]!.name;
}

function addressOf({ containers }: Recorded, name: string): string {
  return containers.find((each) => each.name === name)!.attachments[0]!.addresses[0]!;
}

describe.each(GENERATIONS)('on Engine %s', (generation) => {
  const recorded = recordedOn(generation);
  const [plain, second] = ['plain', 'second'].map((name) => bridgeOf(recorded, name)) as [string, string];
  const [front, local] = ['front', 'local'].map((name) => addressOf(recorded, name)) as [string, string];
  const between = `-i ${plain} -o ${second}`;
  /** What is said of packets from `front` to `local`, which have no network in common. */
  const passagesOf = (change: (saved: string) => string): unknown =>
    seenOf(recorded, change).passages.filter(({ from, to }) => from === 'front' && to === 'local');
  const open = { from: 'front', to: 'local', address: local, passes: true, heldByEngine: true };
  const inRaw =
    (rules: string[], change: (saved: string) => string) =>
    (saved: string): string =>
      withRules('raw', rules)(change(saved));

  test('every rule of the engine is known as its own, and keeps networks apart', () => {
    const { added, addedInAll, doors, passages } = seenOf(recorded);
    expect({ added, addedInAll, doors, passages }).toEqual({ added: [], addedInAll: 0, doors: [], passages: [] });
  });

  test('any other rule is somebody else’s, in every table', () => {
    const rules = ['-A FORWARD -j ACCEPT', `-A DOCKER-ISOLATION-STAGE-2 -o ${plain} -j RETURN`];
    const { added } = seenOf(recorded, withRules('filter', rules));
    expect(added).toEqual(rules.map((rule) => `iptables ${rule}`));
    const mangle = '-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff';
    expect(seenOf(recorded, withRules('mangle', [mangle])).added).toEqual([`iptables -t mangle ${mangle}`]);
  });

  test('a rule that only looks like the engine’s is not', () => {
    const rules = [
      `-A DOCKER ! -i ${plain} -p tcp -m tcp --dport 31337 -j DNAT --to-destination ${front}:80`,
      `-A DOCKER ! -i ${plain} -p tcp -m tcp --dport 8081 -j DNAT --to-destination 192.0.2.1:80`,
      `-A POSTROUTING -s ${front}/32 -d ${front}/32 -p tcp -m tcp --dport 81 -j MASQUERADE`,
    ];
    const { added } = seenOf(recorded, withRules('nat', rules));
    expect(added).toEqual(rules.map((rule) => `iptables -t nat ${rule}`));
  });

  test('a rule that forwards is a door, with the port that another rule says', () => {
    const { doors } = seenOf(
      recorded,
      withRules('nat', [
        '-A PREROUTING -p tcp -m tcp --dport 31337 -j MINE',
        `-A MINE -p tcp -j DNAT --to-destination ${local}:80`,
        '-A PREROUTING -d 203.0.113.53/32 -p tcp -m multiport --dports 81,90:99 -j REDIRECT --to-ports 8081',
      ]),
    );
    expect(doors).toEqual([
      expect.objectContaining({ ports: [31337, 81, 90, 99], to: { address: local, port: 80 } }),
      expect.objectContaining({ address: '203.0.113.53', ports: [81, 90, 99], to: { port: 8081 } }),
    ]);
  });

  test.each([
    ['whatever packets are like', ''],
    ['of a type of service', ' -m tos --tos 0x10/0xff'],
    ['with a mark', ' -m mark --mark 0x1'],
    ['from a port', ' -p tcp -m tcp --sport 666'],
    ['now and then', ' -m statistic --mode random --probability 0.1'],
    ['that are malformed', ' -m conntrack --ctstate INVALID'],
    ['without a text that looks like an option', ' -m string ! --string "-i" --algo bm --to 65535'],
    ['that were seen under a name that looks like an option', ' -m recent ! --rcheck --name -i --rsource'],
    ['with a comment that looks like a target', ' -m comment --comment -j'],
  ])('a rule that accepts packets %s lets them through', (_, condition) => {
    const accept = `${between}${condition} -j ACCEPT`;
    const change = inRaw(
      [`-A PREROUTING -i ${plain}${condition} -j ACCEPT`],
      withRules('filter', [`-A DOCKER-USER ${accept}`]),
    );
    expect(passagesOf(change)).toEqual([
      { ...open, rules: expect.arrayContaining([`iptables -A DOCKER-USER ${accept}`]) as unknown },
    ]);
  });

  test('a rule that accepts what another rule keeps from conntrack lets it through', () => {
    const accept = '-A DOCKER-USER -m conntrack --ctstate UNTRACKED -j ACCEPT';
    const inFilter = withRules('filter', [accept]);
    const way = '-A PREROUTING -m tos --tos 0x10/0xff';
    expect(passagesOf(inRaw([`${way} -j ACCEPT`], inFilter))).toEqual([]);
    expect(passagesOf(inRaw([`${way} -j CT --notrack`, `${way} -j ACCEPT`], inFilter))).toMatchObject([open]);
  });

  test.each(['-m tos --tos 0x10/0xff', '-m conntrack --ctstate DNAT'])(
    'packets for another address may get through with %s, where a rule sends them on',
    (condition) => {
      const accept = withRules('filter', [`-A DOCKER-USER ${condition} -j ACCEPT`]);
      const to = `-A PREROUTING -d 203.0.113.9/32 -p tcp -j DNAT --to-destination ${local}`;
      expect(passagesOf((saved) => withRules('nat', [to])(accept(saved)))).toMatchObject([open]);
      expect(passagesOf(withRules('nat', [to]))).toEqual([]);
    },
  );

  test.each([
    ['ipv4=nat', true],
    ['ipv6=routed', true],
    ['ipv4=routed', false],
  ])('whether networks are looked at is a matter of their gateway mode: %s', (mode, isLookedAt) => {
    const [family = '', value = ''] = mode.split('=');
    const options = { [`com.docker.network.bridge.gateway_mode_${family}`]: value };
    const networks = recorded.networks.map((each) => ({ ...each, options: { ...each.options, ...options } }));
    const accept = `${between} -m tos --tos 0x10/0xff -j ACCEPT`;
    const change = inRaw([`-A PREROUTING -i ${plain} -j ACCEPT`], withRules('filter', [`-A DOCKER-USER ${accept}`]));
    expect(seenOf({ ...recorded, networks }, change).passages.length > 0).toBe(isLookedAt);
  });

  test.each([
    ['is behind the engine’s', '-A FORWARD -j ACCEPT', 'end'],
    ['is about answers', '-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'start'],
    ['is about another network', `-A DOCKER-USER -i eth0 -o ${second} -j ACCEPT`, 'start'],
    ['is about another address', '-A DOCKER-USER -s 192.0.2.7/32 -j ACCEPT', 'start'],
    ['is about a port where nothing is', '-A DOCKER-USER -p tcp -m tcp --dport 3306 -j ACCEPT', 'start'],
    ['drops', `-A DOCKER-USER ${between} -j DROP`, 'start'],
    ['only notes', '-A DOCKER-USER -j LOG --log-prefix "-j ACCEPT"', 'start'],
  ])('a rule that %s lets nothing through', (_, rule, where) => {
    const raw = inRaw([`-A PREROUTING -i ${plain} -j ACCEPT`], (saved) =>
      where === 'start'
        ? withRules('filter', [rule])(saved)
        : saved.replace(/(\*filter\n[^*]*?)COMMIT/, `$1${rule}\nCOMMIT`),
    );
    expect(passagesOf(raw)).toEqual([]);
  });

  test('when the engine’s rules are gone, what holds packets back is not the engine', () => {
    const own = [`-A FORWARD ${between} -j DROP`];
    const gone = withRules('filter', own, /^-A (FORWARD|DOCKER|PREROUTING -d \S+ ! -i)/);
    expect(passagesOf((saved) => gone(saved).replace(':FORWARD DROP', ':FORWARD ACCEPT'))).toEqual([
      { ...open, passes: false, rules: [], heldByEngine: false },
    ]);
    expect(seenOf(recorded, (saved) => saved.replace(':FORWARD DROP', ':FORWARD ACCEPT')).added).toEqual([
      'iptables -P FORWARD ACCEPT',
    ]);
  });

  test('where there are too many rules to follow, nothing is said of what passes', () => {
    const many = Array.from({ length: 5_001 }, (_, i) => `-A INPUT -p tcp -m tcp --dport ${i} -j ACCEPT`);
    const { unclear, passages, added, addedInAll } = seenOf(recorded, withRules('filter', many));
    expect({ unclear, passages, shown: added.length, addedInAll }).toEqual({
      unclear: 'too many',
      passages: [],
      shown: 100,
      addedInAll: 5_001,
    });
  });
});

test('chains that jump to each other many times are followed once each', () => {
  const recorded = recordedOn('28.5');
  const names = Array.from({ length: 60 }, (_, i) => `C${i}`);
  const rules = names.flatMap((name, i) =>
    Array.from({ length: 9 }, () => `-A ${name} -j ${names[i + 1] ?? 'ACCEPT'}`),
  );
  const chains = names.map((name) => `:${name} - [0:0]\n`).join('');
  const { passages } = seenOf(recorded, (saved) =>
    withRules('filter', [...rules, '-A DOCKER-USER -m mark --mark 0x1 -j C0'])(
      saved.replace('*filter\n', `*filter\n${chains}`),
    ),
  );
  const last = ['iptables -A C59 -j ACCEPT'];
  expect(passages).toContainEqual(expect.objectContaining({ to: 'guarded', passes: true, rules: last }));
});

test.each([
  [
    { 'com.docker.network.bridge.gateway_mode_ipv4': 'routed' },
    'filter',
    [
      '-A DOCKER -o BRIDGE -p icmp -j ACCEPT',
      '-A DOCKER-ISOLATION-STAGE-1 -i BRIDGE -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A DOCKER-ISOLATION-STAGE-1 -o BRIDGE -j RETURN',
    ],
  ],
  [
    { 'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected' },
    'filter',
    ['-A DOCKER ! -i BRIDGE -o BRIDGE -j ACCEPT'],
  ],
  [
    { 'com.docker.network.host_ipv4': '203.0.113.7' },
    'nat',
    ['-A POSTROUTING -s SUBNET ! -o BRIDGE -j SNAT --to-source 203.0.113.7'],
  ],
  [
    { 'com.docker.network.bridge.trusted_host_interfaces': 'eth0:lo' },
    'raw',
    ['-A PREROUTING -d ADDRESS/32 -i eth0 -j ACCEPT', '-A PREROUTING -d ADDRESS/32 -i lo -j ACCEPT'],
  ],
])('options of a network make rules of the engine’s own: %j', (options, table, rules) => {
  const recorded = recordedOn('28.5');
  const networks = recorded.networks.map((each) =>
    each.name === 'plain' ? { ...each, options: { ...each.options, ...options } } : each,
  );
  const made = rules.map((rule) =>
    rule
      .replaceAll('BRIDGE', bridgeOf(recorded, 'plain'))
      .replace('ADDRESS', addressOf(recorded, 'front'))
      .replace('SUBNET', networks.find(({ name }) => name === 'plain')!.subnets[0]!),
  );
  expect(seenOf({ ...recorded, networks }, withRules(table, made)).added).toEqual([]);
  expect(seenOf(recorded, withRules(table, made)).added).toHaveLength(rules.length);
});

test('rules of nftables’ own tables are read, and iptables’ tables are left to its own tools', () => {
  const ruleset = `table ip filter {
	chain FORWARD {
		type filter hook forward priority filter; policy drop;
		counter packets 0 bytes 0 jump DOCKER-USER
	}
}
table ip mine {
	chain way {
		type nat hook prerouting priority -150; policy accept;
		tcp dport 31337 dnat to 10.0.0.2:8080
		tcp dport { 81, 82 } redirect to :8080
	}
}
`;
  expect(nativeRules(ruleset, true).map(({ command }) => command)).toEqual([
    'nft add rule ip mine way tcp dport 31337 dnat to 10.0.0.2:8080',
    'nft add rule ip mine way tcp dport { 81, 82 } redirect to :8080',
  ]);
  const recorded = recordedOn('28.5');
  const { doors, added } = seenOf({ ...recorded, firewall: { ...recorded.firewall, ruleset } });
  expect(added).toHaveLength(2);
  expect(doors).toMatchObject([
    { ports: [31337], to: { address: '10.0.0.2', port: 8080 } },
    { ports: [81], to: { port: 8080 } },
  ]);
});

test('rules that iptables cannot show make unclear what passes only where the engine’s are among them', () => {
  const recorded = recordedOn('28.5');
  const ruleset = 'table ip filter {\n\tchain FORWARD {\n\t\tmeta length 500 accept\n\t}\n}\n';
  const broken = { family: 4, text: '*filter\n', whole: false } as const;
  const beside = { ...recorded, firewall: { saved: [...recorded.firewall.saved, broken], ruleset, cut: false } };
  const command = 'nft add rule ip filter FORWARD meta length 500 accept';
  expect(seenOf(beside)).toEqual({ added: [command], addedInAll: 1, doors: [], ports: [], passages: [] });
  const alone = { ...recorded, firewall: { saved: [broken], ruleset, cut: false } };
  expect(seenOf(alone)).toMatchObject({ added: [command], unclear: 'not shown', passages: [] });
});

test('ports that rules mention are found in lists, ranges, sets and maps, and addresses are not taken for them', () => {
  const ruleset = `table ip way {
	map ports {
		type inet_service : ipv4_addr . inet_service
		elements = { 31337 : 10.0.0.2 . 8080,
			     4000-4002 : 10.0.0.3 . 80 }
	}
}`;
  expect(portsMentioned(elementsIn(ruleset))).toEqual([31337, 8080, 4000, 4001, 4002, 80]);
  expect(
    portsMentioned([
      '-p tcp -m multiport --dports 20,30:32 -j DNAT --to-destination 10.0.0.2:8080',
      'tcp dport { 81, 90-91 } dnat to 10.0.0.2:8080',
      '-p tcp --dport 1000:9000 -j ACCEPT',
      '-s 10.0.0.1/24 -j DROP',
      'elements { 10.0.0.9 : 99999 }',
    ]),
  ).toEqual([20, 30, 31, 32, 81, 90, 91, 1000, 9000]);
});
