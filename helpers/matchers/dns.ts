/** Where a container's nameservers and hosts entries come from. */
import { Inconclusive } from '../grading/criterion.ts';
import type { Role } from '../grading/lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../grading/verdict.ts';
import { hostsEntries, hostsEntryOf, nameservers } from '../survey/resolv-conf.ts';
import { isLoopback } from '../survey/subjects.ts';
import { listed } from './running.ts';

/** What a container on the default bridge gets when the host has no other nameserver (Docker's documentation, "DNS services"). */
const WITHOUT_ANY = ['8.8.8.8', '8.8.4.4'];

export function copyTheHostsNameservers(_isNot: boolean, roles: Role[]): Finding {
  const { resolvConf } = roles[0]!.lab.survey.host.sandbox;
  const usable = nameservers(resolvConf).filter((server) => !isLoopback(server));
  const hosts = usable.length > 0 ? usable : WITHOUT_ANY;
  const isCopy = (role: Role): boolean => {
    const own = nameservers(role.sandbox.resolvConf);
    return own.length === hosts.length && own.every((server) => hosts.includes(server));
  };
  return findingOf(
    `the nameservers of ${listed(roles)} are those of the host`,
    roles
      .filter((role) => !isCopy(role))
      .map(
        (role) =>
          `${role} uses ${listed(nameservers(role.sandbox.resolvConf)) || 'no nameserver'}; the host uses ${listed(hosts)}`,
      ),
    `${listed(roles)} and the host use ${listed(hosts)}`,
    [{ what: 'cat /etc/resolv.conf   # on the host', output: resolvConf.trim() }, ...roles.map(resolvConfOf)],
  );
}

export function resolvConfOf(role: Role): Evidence {
  return { what: `docker exec ${role.facts.name} cat /etc/resolv.conf`, output: role.sandbox.resolvConf.trim() };
}

export function forwardNamesToTheHost(_isNot: boolean, role: Role): Finding {
  const { privateName } = role.lab.survey.host;
  if (privateName === undefined) throw new Inconclusive('this host has no name that only its own nameserver knows');
  const { name, address } = privateName;
  const asked = role.resolved(name);
  if (asked === undefined) throw new Inconclusive(`the name ${name} was not asked in ${role}`);
  const seen = asked.addresses.length > 0 ? listed(asked.addresses) : (asked.code ?? asked.outcome);
  return findingOf(
    `Docker's DNS server in ${role} passes names it does not know on to the host's nameserver`,
    asked.addresses.includes(address)
      ? []
      : [
          `the host's nameserver knows ${name} as ${address}; asked through Docker's DNS server in ${role}, the answer is ${seen}`,
        ],
    `${name}, which only the host's nameserver knows, is answered in ${role}: ${address}`,
    [
      {
        what: `docker run --rm --network container:${role.facts.name} busybox nslookup ${name} ${asked.server}`,
        output: seen,
      },
    ],
  );
}

/** `expect(role).not.toInheritTheHostsFile()` is the only way round that makes sense. */
export function inheritTheHostsFile(isNot: boolean, role: Role): Finding {
  const own = hostsEntries(role.sandbox.hosts);
  const inherited = hostsEntries(role.lab.survey.host.sandbox.hosts)
    .filter(({ address }) => !isLoopback(address) && !address.includes(':'))
    .filter(({ address, names }) =>
      own.some((entry) => entry.address === address && entry.names.some((name) => names.includes(name))),
    );
  const seen = inherited.map(({ address, names }) => `${address} ${names.join(' ')}`);
  return {
    pass: isNot === (inherited.length === 0),
    expected: `/etc/hosts of ${role} has ${isNot ? 'none of ' : ''}the host's own entries`,
    actual:
      inherited.length === 0
        ? `/etc/hosts of ${role} has none of the host's entries`
        : `/etc/hosts of ${role} has entries of the host's file: ${seen.join(', ')}`,
    evidence: [
      hostsOf(role),
      { what: 'cat /etc/hosts   # on the host', output: role.lab.survey.host.sandbox.hosts.trim() },
    ],
  };
}

export function haveHostsEntry(_isNot: boolean, role: Role, name: string, address: string): Finding {
  const entry = hostsEntryOf(role.sandbox.hosts, name);
  return findingOf(
    `${role} knows ${name} as ${address}, from its hosts file`,
    entry?.address === address
      ? []
      : [
          entry === undefined
            ? `/etc/hosts of ${role} has no entry for ${name}`
            : `${role} knows ${name} as ${entry.address}`,
        ],
    `/etc/hosts of ${role} says ${address} ${name}`,
    [hostsOf(role)],
  );
}

/** Whether a name leads to a container in any way that a program inside would take: hosts file, then its nameservers. */
export function findByName(isNot: boolean, source: Role, name: string, target: Role): Finding {
  const own = target.facts.attachments.flatMap(({ addresses }) => addresses);
  const entry = hostsEntryOf(source.sandbox.hosts, name);
  const answers = nameservers(source.sandbox.resolvConf)
    .map((server) => source.resolved(name, server))
    .filter((answer) => answer !== undefined); // A foreign nameserver is not asked: it knows no container.
  const byHosts = entry !== undefined && own.includes(entry.address);
  const byDns = answers.filter(({ addresses }) => addresses.some((address) => own.includes(address)));
  const found = [
    ...(byHosts ? [`/etc/hosts of ${source} knows ${name} as ${entry.address}`] : []),
    ...byDns.map(
      ({ server, addresses }) => `the nameserver ${server} of ${source} knows ${name} as ${listed(addresses)}`,
    ),
  ];
  return {
    pass: isNot === (found.length === 0),
    expected: `in ${source}, the name ${name} ${isNot ? 'is not known' : `leads to ${target}`}`,
    actual: found.length > 0 ? found.join('\n') : `in ${source}, nobody knows the name ${name}`,
    evidence: [
      ...answers.map(({ server, addresses, code, outcome }) => ({
        what: `docker run --rm --network container:${source.facts.name} busybox nslookup ${name} ${server}`,
        output: addresses.join('\n') || (code ?? outcome),
      })),
      hostsOf(source),
    ],
  };
}

function hostsOf(role: Role): Evidence {
  return { what: `docker exec ${role.facts.name} cat /etc/hosts`, output: role.sandbox.hosts.trim() };
}
