import { Inconclusive } from '../matcher.ts';
import type { Network, Role } from '../lab-under-test.ts';
import { describedEvidence, type Evidence, type Finding } from '../../lab/verdict.ts';
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import { hostsEntryOf, nameservers } from '../../survey/resolv-conf.ts';
import { listed } from './running.ts';

export function resolveName(source: Role, name: string, target: Role, network: Network): Finding {
  const { survey } = source.lab;
  const asked = source.resolved(name);
  if (asked === undefined) throw new Inconclusive(`the name ${name} was not asked in ${source}`);
  // A name of replicas leads to any of them.
  const attachments = target.players.flatMap((each) => each.attachments);
  const own = attachments.filter(({ networkId }) => network.is(networkId)).flatMap(({ addresses }) => addresses);
  const everywhere = attachments.flatMap(({ addresses }) => addresses);
  const pass = asked.addresses.length > 0 && asked.addresses.every((address) => own.includes(address));
  const inHosts = hostsEntryOf(source.sandbox.hosts, name);
  const seen = (): string => {
    if (asked.addresses.length === 0) {
      const instead = inHosts === undefined ? '' : `; only /etc/hosts there has the name (${inHosts.address})`;
      return `Docker's DNS does not know the name ${name} in ${source} (${asked.code ?? asked.outcome})${instead}`;
    }
    const strangers = asked.addresses.filter((address) => !own.includes(address));
    const others = survey.containers.filter(({ attachments }) =>
      attachments.some(({ addresses }) => addresses.some((address) => strangers.includes(address))),
    );
    const whose = strangers.every((address) => everywhere.includes(address))
      ? `${target}'s address on another network`
      : `not ${target}${others.length > 0 ? ` but ${listed(others.map((each) => each.name))}` : ''}`;
    return `${name} resolves to ${listed(asked.addresses)}; ${listed(strangers)} is ${whose}`;
  };
  return {
    pass,
    expected: `in ${source}, Docker's DNS server gives ${target.name}'s address on ${network} for the name ${name}`,
    actual: pass ? `${name} resolves to ${listed(asked.addresses)}, which is ${target.name} on ${network}` : seen(),
    evidence: [
      {
        what: `docker run --rm --network container:${source.facts.name} busybox nslookup ${name} ${EMBEDDED_DNS}`,
        output: asked.addresses.join('\n') || (asked.code ?? asked.outcome),
      },
      describedEvidence(
        `addresses of ${target}`,
        attachments.map((each) => `${each.network} ${each.addresses.join(' ')}`).join('\n'),
      ),
    ],
  };
}

export function useEmbeddedDns(roles: Role[]): Finding {
  const readable = roles.filter((role) => role.trouble() === undefined);
  const files = readable.map((role) => ({ role, resolvConf: role.sandbox.resolvConf }));
  const uses = `use${readable.length > 1 ? '' : 's'} ${EMBEDDED_DNS}`;
  const others = files.filter(({ resolvConf }) => !nameservers(resolvConf).includes(EMBEDDED_DNS));
  return {
    pass: others.length === 0,
    expected: `/etc/resolv.conf of ${listed(roles.map(({ name }) => name))} names ${EMBEDDED_DNS}, Docker's embedded DNS server`,
    actual:
      others.length === 0
        ? readable.length > 0
          ? `${listed(readable)} ${uses}`
          : `${listed(roles)} ${roles.length > 1 ? 'do' : 'does'} not run, so there is no file to be read`
        : others
            .map(({ role, resolvConf }) => `${role} asks ${listed(nameservers(resolvConf)) || 'no nameserver'} instead`)
            .join('\n'),
    evidence: (others.length > 0 ? others : files).map(({ role, resolvConf }): Evidence => ({
      what: `docker exec ${role.facts.name} cat /etc/resolv.conf`,
      output: resolvConf.trim(),
    })),
  };
}
