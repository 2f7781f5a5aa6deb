/**
 * The rules that Docker Engine itself makes for the networks and published ports that are there: in moby,
 * daemon/libnetwork/drivers/bridge and libnetwork/iptables. This is the union of what Engine 20.10, 26.1 and 28.5 make;
 * tests/unit/firewall.test.ts has rule sets that each of them made. Any other rule is somebody else's.
 */
import { isInside } from '../../base/docker/addresses.ts';
import type { ContainerFacts, NetworkFacts } from '../facts.ts';
import type { Rule, Table } from './rules.ts';

/** A bridge network as rules name it. */
export interface Bridge {
  networkId: string;
  name: string;
  subnets: string[];
  options: NetworkFacts['options'];
}

const BRIDGE_NAME = 'com.docker.network.bridge.name';
const GATEWAY_MODES = [4, 6].map((family) => `com.docker.network.bridge.gateway_mode_ipv${family}`);
const SOURCES = [4, 6].map((family) => `com.docker.network.host_ipv${family}`);
const TRUSTED = 'com.docker.network.bridge.trusted_host_interfaces';

export function bridgesOf(networks: NetworkFacts[]): Bridge[] {
  return networks
    .filter(({ driver }) => driver === 'bridge')
    .map(({ id, options, subnets }) => ({
      networkId: id,
      name: options[BRIDGE_NAME] ?? `br-${id.slice(0, 12)}`,
      subnets,
      options,
    }));
}

/** What there is whatever networks there are. */
const ALWAYS: Record<string, Record<string, string[]>> = {
  filter: {
    FORWARD: ['-j DOCKER-USER', '-j DOCKER-FORWARD', '-j DOCKER-ISOLATION-STAGE-1', '-j DOCKER-INGRESS'],
    'DOCKER-FORWARD': ['CT', 'INTERNAL', 'ISOLATION-STAGE-1', 'BRIDGE', 'INGRESS'].map((each) => `-j DOCKER-${each}`),
    'DOCKER-USER': ['-j RETURN'],
    'DOCKER-INGRESS': ['-j RETURN'],
    'DOCKER-ISOLATION-STAGE-1': ['-j RETURN'],
    'DOCKER-ISOLATION-STAGE-2': ['-j RETURN'],
  },
  nat: {
    PREROUTING: ['DOCKER', 'DOCKER-INGRESS'].map((chain) => `-m addrtype --dst-type LOCAL -j ${chain}`),
    OUTPUT: [
      '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
      '! -d ::1/128 -m addrtype --dst-type LOCAL -j DOCKER',
      '-m addrtype --dst-type LOCAL -j DOCKER',
      '-m addrtype --dst-type LOCAL -j DOCKER-INGRESS',
    ],
    'DOCKER-INGRESS': ['-j RETURN'],
  },
};

/** The rules for one bridge network, whatever is on it. */
function rulesFor({ name: bridge, subnets, options }: Bridge): Record<string, Record<string, string[]>> {
  const established = `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`;
  const onward = ['ACCEPT', 'DROP'].map((target) => `-i ${bridge} -o ${bridge} -j ${target}`);
  const internal = subnets.flatMap((subnet) => [
    `! -s ${subnet} -o ${bridge} -j DROP`,
    `! -d ${subnet} -i ${bridge} -j DROP`,
    `! -s ${subnet} ! -i ${bridge} -o ${bridge} -j DROP`,
    `! -d ${subnet} -i ${bridge} ! -o ${bridge} -j DROP`,
  ]);
  const modes = GATEWAY_MODES.map((key) => options[key]);
  const isRouted = modes.includes('routed');
  const sources = SOURCES.map((key) => options[key]).filter((source) => source !== undefined);
  return {
    filter: {
      FORWARD: [established, `-o ${bridge} -j DOCKER`, `-i ${bridge} ! -o ${bridge} -j ACCEPT`, ...onward],
      'DOCKER-CT': [established],
      'DOCKER-BRIDGE': [`-o ${bridge} -j DOCKER`],
      'DOCKER-FORWARD': [`-i ${bridge} -j ACCEPT`, `-i ${bridge} ! -o ${bridge} -j ACCEPT`, ...onward],
      DOCKER: [
        `! -i ${bridge} -o ${bridge} -j DROP`,
        ...onward,
        ...(isRouted ? ['icmp', 'ipv6-icmp'].map((protocol) => `-o ${bridge} -p ${protocol} -j ACCEPT`) : []),
        ...(modes.includes('nat-unprotected') ? [`! -i ${bridge} -o ${bridge} -j ACCEPT`] : []),
      ],
      'DOCKER-INTERNAL': internal,
      'DOCKER-ISOLATION-STAGE-1': [
        `-i ${bridge} ! -o ${bridge} -j DOCKER-ISOLATION-STAGE-2`,
        ...internal,
        ...(isRouted
          ? [`-o ${bridge} -j RETURN`, `-i ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`]
          : []),
      ],
      'DOCKER-ISOLATION-STAGE-2': [`-o ${bridge} -j DROP`],
    },
    nat: {
      POSTROUTING: [
        ...subnets.map((subnet) => `-s ${subnet} ! -o ${bridge} -j MASQUERADE`),
        `-o ${bridge} -m addrtype --src-type LOCAL -j MASQUERADE`,
        ...sources.flatMap((source) => [
          ...subnets.map((subnet) => `-s ${subnet} ! -o ${bridge} -j SNAT --to-source ${source}`),
          `-o ${bridge} -m addrtype --src-type LOCAL -j SNAT --to-source ${source}`,
        ]),
      ],
      DOCKER: [`-i ${bridge} -j RETURN`],
    },
  };
}

/**
 * Rules for one container's address or port. The address is known by its subnet: a container that starts again may get
 * another one meanwhile.
 */
const OF_A_CONTAINER: { table: string; chain: string; shape: RegExp }[] = [
  { table: 'raw', chain: 'PREROUTING', shape: /^-d (?<to>\S+) ! -i (?<bridge>\S+) -j DROP$/ },
  {
    table: 'filter',
    chain: 'DOCKER',
    shape:
      /^-d (?<to>\S+) ! -i (?<bridge>\S+) -o \k<bridge> -p (?<protocol>\w+) -m \w+ --dport (?<port>\d+) -j ACCEPT$/,
  },
  {
    table: 'nat',
    chain: 'DOCKER',
    shape:
      /^(?:! -s fe80::\/10 )?(?:-d \S+ )?! -i (?<bridge>\S+) -p (?<protocol>\w+) -m \w+ --dport (?<hostPort>\d+) -j DNAT --to-destination \[?(?<to>[\da-f.:]+?)\]?:(?<port>\d+)$/,
  },
  {
    table: 'nat',
    chain: 'POSTROUTING',
    shape: /^-s (?<to>\S+) -d \k<to> -p (?<protocol>\w+) -m \w+ --dport (?<port>\d+) -j MASQUERADE$/,
  },
];
/** What a network’s trusted interfaces may send to its containers, since Engine 28.2. */
const FROM_TRUSTED = /^-d (?<to>\S+) -i (?<trusted>\S+) -j ACCEPT$/;
/** A port that is published on loopback only, since Engine 28.0. */
const LOOPBACK_ONLY = /^-d (127\.0\.0\.1\/32|::1\/128) ! -i lo -p \w+ -m \w+ --dport (?<hostPort>\d+) -j DROP$/;

/** @returns whether a rule is the engine's own. */
export function engineRules(
  bridges: Bridge[],
  containers: Pick<ContainerFacts, 'published'>[],
): (table: Pick<Table, 'name'>, rule: Pick<Rule, 'chain' | 'text'>) => boolean {
  const known = new Set<string>();
  for (const tables of [ALWAYS, ...bridges.map(rulesFor)])
    for (const [table, chains] of Object.entries(tables))
      for (const [chain, texts] of Object.entries(chains))
        for (const text of texts) known.add(`${table} ${chain} ${text}`);
  const published = containers.flatMap((each) => each.published);
  const isOfContainer = (table: string, { chain, text }: Pick<Rule, 'chain' | 'text'>): boolean =>
    OF_A_CONTAINER.some((each) => {
      const found = each.table === table && each.chain === chain ? each.shape.exec(text)?.groups : undefined;
      if (found === undefined) return false;
      const { to = '', bridge, protocol, port, hostPort } = found;
      const on = bridges.filter(({ name }) => bridge === undefined || name === bridge);
      const mapping = published.some(
        (mapped) =>
          mapped.protocol === protocol &&
          mapped.containerPort === Number(port) &&
          (hostPort === undefined || mapped.hostPort === Number(hostPort)),
      );
      return (
        (port === undefined || mapping) &&
        on.some(({ subnets }) => subnets.some((subnet) => isInside(to.replace(/\/.*/, ''), subnet)))
      );
    });
  return ({ name }, rule) => {
    if (known.has(`${name} ${rule.chain} ${rule.text}`) || isOfContainer(name, rule)) return true;
    const { to = '', trusted = '' } = (name === 'raw' && FROM_TRUSTED.exec(rule.text)?.groups) || {};
    const isTrusted = bridges.some(
      ({ subnets, options }) =>
        trusted !== '' &&
        (options[TRUSTED] ?? '').split(':').includes(trusted) &&
        subnets.some((subnet) => isInside(to.replace(/\/.*/, ''), subnet)),
    );
    if (isTrusted && rule.chain === 'PREROUTING') return true;
    const port = name === 'raw' ? LOOPBACK_ONLY.exec(rule.text)?.groups?.['hostPort'] : undefined;
    return port !== undefined && published.some(({ hostPort }) => hostPort === Number(port));
  };
}
