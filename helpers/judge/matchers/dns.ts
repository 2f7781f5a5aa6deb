/** Matchers: where a container's nameservers and hosts entries come from. */
import { Inconclusive, Withheld } from '../matcher.ts';
import type { Role } from '../lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { HostFacts } from '../../survey/facts.ts';
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import {
  copiedNameservers,
  hostsEntryOf,
  nameservers,
  ownHostsEntries,
  UPSTREAM_RESOLV_CONF,
  type HostsEntry,
} from '../../survey/resolv-conf.ts';
import { listed } from './running.ts';

export function copyTheHostsNameservers(roles: Role[]): Finding {
  const { host } = roles[0]!.lab.survey;
  const copied = copiedNameservers(host);
  const isCopy = (role: Role): boolean => {
    const own = nameservers(role.sandbox.resolvConf);
    // Whether IPv6 nameservers are copied depends on the engine and on the network.
    return own.every((server) => copied.includes(server)) && copied.every((each) => isV6(each) || own.includes(each));
  };
  return findingOf(
    `the nameservers of ${listed(roles)} are those of the host`,
    roles
      .filter((role) => !isCopy(role))
      .map(
        (role) =>
          `${role} uses ${listed(nameservers(role.sandbox.resolvConf)) || 'no nameserver'}; the host uses ${listed(copied)}`,
      ),
    `${listed(roles)} and the host use ${listed(copied)}`,
    [...resolvConfOnHost(host), ...roles.map(resolvConfOf)],
  );
}

function isV6(address: string): boolean {
  return address.includes(':');
}

/** Evidence of the host's nameservers. */
export function resolvConfOnHost({ sandbox, upstreamResolvConf: upstream }: HostFacts): Evidence[] {
  return [
    { what: 'cat /etc/resolv.conf   # on the host', output: sandbox.resolvConf.trim() },
    ...(upstream === undefined
      ? []
      : [{ what: `cat ${UPSTREAM_RESOLV_CONF}   # on the host`, output: upstream.trim() }]),
  ];
}

export function resolvConfOf(role: Role): Evidence {
  return { what: `docker exec ${role.facts.name} cat /etc/resolv.conf`, output: role.sandbox.resolvConf.trim() };
}

export function forwardNamesToTheHost(role: Role): Finding {
  const { privateName } = role.lab.survey.host;
  if (privateName === undefined) throw new Withheld('this host has no name that only its own nameserver knows');
  const { name, address } = privateName;
  const asked = role.resolved(name);
  if (asked === undefined) throw new Inconclusive(`the name ${name} was not asked in ${role}`);
  const seen = asked.addresses.length > 0 ? listed(asked.addresses) : asked.outcome.replaceAll('-', ' ');
  return findingOf(
    `Docker's DNS server in ${role} passes names it does not know on to the host's nameserver`,
    asked.addresses.includes(address)
      ? []
      : [
          `the host's nameserver knows ${name} as ${address}, but Docker's DNS server in ${role} did not get that from it (${seen})`,
        ],
    `${name}, which only the host's nameserver knows, is answered in ${role}: ${address}`,
    [
      {
        what: `docker run --rm --network container:${role.facts.name} busybox nslookup ${name} ${asked.server}`,
        output: seen,
      },
      resolvConfOf(role),
    ],
  );
}

/** Used as `expect(role).not.toInheritTheHostsFile()`. */
export function inheritTheHostsFile(isNot: boolean, role: Role): Finding {
  const { engine, host } = role.lab.survey;
  const heirlooms = ownHostsEntries(host.sandbox.hosts);
  const inherited = heirlooms.filter(({ address, names }) =>
    ownHostsEntries(role.sandbox.hosts).some(
      (entry) => entry.address === address && entry.names.some((name) => names.includes(name)),
    ),
  );
  // A lab host of ours has one, unless the submission removed it.
  const nothingToInherit = heirlooms.length === 0;
  if (nothingToInherit && engine.host !== 'disposable')
    throw new Withheld('the hosts file of this host has no entry that a container could inherit');
  const seen = nothingToInherit
    ? `the host has lost the entries of its own /etc/hosts, so whether ${role} inherits them cannot be seen`
    : inherited.length === 0
      ? `/etc/hosts of ${role} has none of the host's entries`
      : `/etc/hosts of ${role} has entries of the host's file: ${inherited.map(lineOf).join(', ')}`;
  return {
    pass: !nothingToInherit && isNot === (inherited.length === 0),
    expected: `/etc/hosts of ${role} has ${isNot ? 'none of ' : ''}the host's own entries`,
    actual: seen,
    evidence: [{ what: 'cat /etc/hosts   # on the host', output: host.sandbox.hosts.trim() }, hostsOf(role)],
  };
}

function lineOf({ address, names }: HostsEntry): string {
  return `${address} ${names.join(' ')}`;
}

export function haveHostsEntry(role: Role, name: string, address: string): Finding {
  if (role.isStopped) return toldHostsEntry(role, name, address);
  const entry = hostsEntryOf(role.sandbox.hosts, name);
  return findingOf(
    `${role} knows ${name} as ${address}, from its hosts file`,
    entry?.address === address
      ? []
      : [
          entry === undefined
            ? `/etc/hosts of ${role} has no entry for ${name}`
            : `/etc/hosts of ${role} says that ${name} is ${entry.address}`,
        ],
    `/etc/hosts of ${role} says ${address} ${name}`,
    [hostsOf(role)],
  );
}

/** Of a container that does not run: whether Docker was told to write the entry. */
function toldHostsEntry(role: Role, name: string, address: string): Finding {
  const { extraHosts = [] } = role.facts;
  // `--add-host name:address`; newer versions also take `name=address`, and keep it with a colon.
  const isTold = extraHosts.some((line) => [`${name}:${address}`, `${name}=${address}`].includes(line));
  return findingOf(
    `${role} knows ${name} as ${address}, from its hosts file`,
    isTold ? [] : [`${role} does not run, and was not told that ${name} is ${address}`],
    `${role} does not run, but was told that ${name} is ${address}`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.ExtraHosts}}' ${role.facts.name}`,
        output: extraHosts.join('\n') || '(none)',
      },
    ],
  );
}

/** Whether a program in the source finds the target by a name: in the hosts file, or through its nameservers. */
export function findByName(isNot: boolean, source: Role, name: string, target: Role): Finding {
  const own = target.facts.attachments.flatMap(({ addresses }) => addresses);
  const entry = hostsEntryOf(source.sandbox.hosts, name);
  const servers = nameservers(source.sandbox.resolvConf).filter((server) => isAsked(source.lab.survey.host, server));
  const answers = servers.map((server) => source.resolved(name, server)).filter((answer) => answer !== undefined);
  const unasked = servers.filter((server) => source.resolved(name, server) === undefined);
  const byHosts = entry !== undefined && own.includes(entry.address);
  const byDns = answers.filter(({ addresses }) => addresses.some((address) => own.includes(address)));
  const found = [
    ...(byHosts ? [`/etc/hosts of ${source} knows ${name} as ${entry.address}`] : []),
    ...byDns.map(
      ({ server, addresses }) => `the nameserver ${server} of ${source} knows ${name} as ${listed(addresses)}`,
    ),
  ];
  if (found.length === 0 && unasked.length > 0)
    throw new Inconclusive(`the name ${name} was not asked of ${listed(unasked)} in ${source}`);
  return {
    pass: isNot === (found.length === 0),
    expected: `in ${source}, the name ${name} ${isNot ? 'is not known' : `leads to ${target}`}`,
    actual: found.length > 0 ? found.join('\n') : `in ${source}, the name ${name} is not known`,
    evidence: [
      ...answers.map(({ server, addresses, code, outcome }) => ({
        what: `docker run --rm --network container:${source.facts.name} busybox nslookup ${name} ${server}`,
        output: addresses.join('\n') || (code ?? outcome),
      })),
      hostsOf(source),
    ],
  };
}

/** A foreign nameserver is not asked: it knows no container. */
function isAsked({ sandbox }: HostFacts, server: string): boolean {
  return server === EMBEDDED_DNS || nameservers(sandbox.resolvConf).includes(server);
}

function hostsOf(role: Role): Evidence {
  return { what: `docker exec ${role.facts.name} cat /etc/hosts`, output: role.sandbox.hosts.trim() };
}
