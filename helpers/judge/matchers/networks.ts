import { shortName, type Network, type Role } from '../lab-under-test.ts';
import { findingOf, troubledFirst, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { Attachment } from '../../survey/facts.ts';
import { listed } from './running.ts';

export function beUserDefinedBridges(networks: Network[]): Finding {
  const troubles = networks.map(troubleWith).filter((each) => each !== undefined);
  const exist = networks.length > 1 ? 'exist' : 'exists';
  return {
    pass: troubles.length === 0,
    expected: `${listed(networks)} ${exist}, with the driver bridge`,
    actual: troubles.length === 0 ? `${listed(networks)} ${exist}, with the driver bridge` : troubles.join('\n'),
    evidence: troubledFirst(networks, (each) => troubleWith(each) !== undefined).map(({ name, candidates }) => ({
      what: `docker network ls --filter name=${name} --format '{{.Name}}\\t{{.Driver}}'`,
      output: candidates.length > 0 ? candidates.map((each) => `${each.name}\t${each.driver}`).join('\n') : '(none)',
    })),
  };
}

function troubleWith({ name, candidates, lookalike }: Network): string | undefined {
  if (lookalike !== undefined) {
    const { driver } = lookalike;
    const also = driver === 'bridge' ? '' : `, but has the driver ${driver}`;
    return `there is no network called ${name}; ${lookalike.names.at(-1) ?? lookalike.name} looks like ${name}${also}`;
  }
  if (candidates.length === 0) return `there is no network called ${name}`;
  if (candidates.some(({ driver, predefined }) => driver === 'bridge' && !predefined)) return undefined;
  return `${name} has the driver ${candidates.map(({ driver }) => driver).join(', ')}`;
}

export function beAttachedToExactly(role: Role, networks: Network[]): Finding {
  const { attachments, sandboxOf, name, networkMode } = role.facts;
  const missing = networks.filter((network) => !attachments.some(({ networkId }) => network.is(networkId)));
  const extra = attachments.filter(({ networkId }) => !networks.some((network) => network.is(networkId)));
  // Positive if two networks have one name, e.g. the student's own and Compose's: only one of them can be the right
  // one.
  const surplus = attachments.length - extra.length - (networks.length - missing.length);
  const pass = missing.length === 0 && extra.length === 0 && surplus === 0;
  const shared = sandboxOf === name ? '' : `, because it uses the sandbox of ${sandboxOf}`;
  const call = (attachment: Attachment): string => shortName(role.lab.survey, attachment);
  const where =
    attachments.length > 0 ? `on ${listed(attachments.map(call))}` : `on no network (network mode ${networkMode})`;
  const wrong = [
    ...missing.map((network) => `it is not on ${network}`),
    ...extra.map((attachment) => `${call(attachment)} should not be there`),
    ...(surplus > 0 ? ['two networks have the same name'] : []),
    ...(surplus < 0 ? [`${listed(networks)} are names of one and the same network`] : []),
  ];
  return {
    pass,
    expected: `${role} is on ${listed(networks)}, and on no other network`,
    actual: [`${role} is ${where}${pass ? '' : shared}`, ...wrong].join('; '),
    evidence: [attachmentsOf(role)],
  };
}

export function beOnTheDefaultBridgeAndOneMore(role: Role): Finding {
  const { survey } = role.lab;
  const bridge = role.lab.defaultBridge();
  const joined = survey.networks.filter(({ id }) => role.facts.attachments.some(({ networkId }) => networkId === id));
  const others = joined.filter(({ id }) => !bridge.is(id));
  const called = others.map(({ name, names }) => names.at(-1) ?? name);
  const troubles = [
    ...(joined.some(({ id }) => bridge.is(id)) ? [] : [`${role} is not on the default bridge network`]),
    ...(others.length === 0 ? [`${role} is on no network that you made`] : []),
    ...(others.length > 1 ? [`besides the default bridge network, ${role} is on ${listed(called)}`] : []),
    ...others
      .filter(({ driver, predefined }) => driver !== 'bridge' || predefined)
      .map(({ name, driver }) => `${name} is not a bridge network that you made (driver ${driver})`),
  ];
  return findingOf(
    `${role} is on the default bridge network and on one bridge network that you made`,
    troubles,
    `${role} is on the default bridge network and on ${listed(called)}`,
    [
      attachmentsOf(role),
      {
        what: "docker network ls --format '{{.Name}}\\t{{.Driver}}'",
        output: survey.networks.map(({ name, driver }) => `${name}\t${driver}`).join('\n'),
      },
    ],
  );
}

export function attachmentsOf(role: Role): Evidence {
  const { sandboxOf, attachments } = role.facts;
  return {
    what: `docker inspect --format '{{range $n, $e := .NetworkSettings.Networks}}{{println $n $e.IPAddress}}{{end}}' ${sandboxOf}`,
    output:
      attachments.map(({ network, addresses }) => `${network} ${addresses[0] ?? ''}`.trim()).join('\n') || '(nothing)',
  };
}
