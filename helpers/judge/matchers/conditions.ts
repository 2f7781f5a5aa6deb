/** Conditions that a criterion may need before it can be judged, each with the reason that a student reads. */
import { missingGround } from '../answers/busybox-consistency.ts';
import type { BusyboxQuestion } from '../answers/busybox-questions.ts';
import { answersGiven } from './answers.ts';
import { beOnTheDefaultBridgeAndOneMore } from './networks.ts';
import { listed } from './running.ts';
import { experimentOf } from './service.ts';
import { touchesBackend } from '../../survey/samples.ts';
import type { Condition } from '../criterion.ts';
import type { Lab, Network, Role } from '../lab-under-test.ts';
import type { Finding } from '../../lab/verdict.ts';

const MET: Condition = { holds: true, because: '' };

/** One of two; if neither is so, what is the case is said of the second. */
export function either(first: Condition, second: () => Condition): Condition {
  return first.holds ? first : second();
}

/** Makes a condition of what a matcher found. */
export function shown({ pass, actual }: Finding): Condition {
  return { holds: pass, because: actual };
}

/** Every role is played by one container that runs and stayed up while it was probed. */
export function running(...roles: Role[]): Condition {
  const troubles = roles.map((role) => role.briefTrouble()).filter((each) => each !== undefined);
  return { holds: troubles.length === 0, because: troubles.join('; ') };
}

/**
 * Every role is played by a container of which Docker's settings are known: it stayed up while it was probed, or it is stopped.
 * What only a running process can show, this says nothing about.
 */
export function settled(...roles: Role[]): Condition {
  return running(...roles.filter(({ isStopped }) => !isStopped));
}

/** Every role that does not run was told to be on networks of its own making, where Docker's DNS server would answer it. */
export function runningOrOnOwnNetworks(...roles: Role[]): Condition {
  const onOwn = ({ isStopped, container, lab }: Role): boolean => {
    const attachments = container?.attachments ?? [];
    const isOwn = (id: string): boolean => lab.survey.networks.some((each) => each.id === id && !each.predefined);
    return isStopped && attachments.length > 0 && attachments.every(({ networkId }) => isOwn(networkId));
  };
  const others = roles.filter((role) => !onOwn(role));
  return others.length > 0 ? running(...others) : { ...running(...roles), holds: false };
}

/** Every role runs, or is stopped and was told to have a sandbox of its own: then nothing in it can be reached. */
export function closedOrRunning(...roles: Role[]): Condition {
  const isHarmless = ({ isStopped, container }: Role): boolean =>
    isStopped && container?.sandboxOf === container?.name && container?.networkMode !== 'host';
  return running(...roles.filter((role) => !isHarmless(role)));
}

/** Whether the network, by whatever name, is an overlay network that containers can be attached to. */
export function isAttachableOverlay({ name, seen }: Network): Condition {
  return {
    holds: seen.some(({ driver, attachable }) => driver === 'overlay' && attachable),
    because: `there is no attachable overlay network called ${name}`,
  };
}

export function attached(role: Role, network: Network): Condition {
  return {
    holds: role.facts.attachments.some(({ networkId }) => network.is(networkId)),
    because: `${role} is not on ${network}`,
  };
}

export function attachedExactly(role: Role, networks: Network[]): Condition {
  const { attachments } = role.facts;
  const missing = networks.find((network) => !attachments.some(({ networkId }) => network.is(networkId)));
  const extra = attachments.find(({ networkId }) => !networks.some((network) => network.is(networkId)));
  return {
    holds: missing === undefined && extra === undefined,
    because: missing === undefined ? `${role} is also on ${extra?.network ?? ''}` : `${role} is not on ${missing}`,
  };
}

/** Docker has put the role into the host's sandbox, and it is there: its ports are the host's. */
export function inTheHostsSandbox(role: Role): Condition {
  const { networkMode } = role.facts;
  return {
    holds: networkMode === 'host' && role.sandbox.namespace === role.lab.survey.host.sandbox.namespace,
    because: `${role} is not in the host's sandbox: what answers on the host's port is not its own port`,
  };
}

export function notInTheHostsSandbox(role: Role): Condition {
  const { isStopped, facts, lab } = role;
  return {
    holds: isStopped ? facts.networkMode !== 'host' : role.sandbox.namespace !== lab.survey.host.sandbox.namespace,
    because: `${role} uses the host's sandbox, so it has no sandbox of its own that others could share`,
  };
}

/**
 * If two containers share two networks, Docker's DNS may answer with the address on either of them. The answer says
 * something about `network` only if it is not from another network that they share.
 */
export function answeredOn(network: Network, source: Role, name: string, target: Role): Condition {
  const asked = source.resolved(name);
  const elsewhere = target.facts.attachments
    .filter(
      ({ networkId }) => !network.is(networkId) && source.facts.attachments.some((own) => own.networkId === networkId),
    )
    .flatMap(({ addresses }) => addresses);
  return {
    holds: !(asked?.addresses ?? []).some((address) => elsewhere.includes(address)),
    because: `${source} and ${target} also share another network, and the name ${name} was answered there`,
  };
}

/** Whether the roles are on the default bridge network only: Docker treats containers on other networks differently. */
export function onlyOnDefaultBridge(...roles: Role[]): Condition {
  const strays = roles.filter(({ lab, facts }) => {
    const bridge = lab.defaultBridge();
    const [only, ...others] = facts.attachments;
    return facts.sandboxOf !== facts.name || others.length > 0 || !bridge.is(only?.networkId ?? '');
  });
  return {
    holds: strays.length === 0,
    because: `${strays.map(String).join(' and ')} ${strays.length > 1 ? 'are' : 'is'} not on the default bridge network alone`,
  };
}

export function onTheDefaultBridgeAndOneMore(role: Role): Condition {
  return shown(beOnTheDefaultBridgeAndOneMore(role));
}

/** The earlier answer that this one is compared with is of use; without any answers, there is nothing to compare. */
export function comparable(question: BusyboxQuestion, lab: Lab): Condition {
  const { given, trouble } = answersGiven(lab);
  const missing = trouble === undefined ? missingGround(question, given) : undefined;
  if (missing === undefined) return MET;
  return {
    holds: false,
    because: `${question} is compared with ${missing.question}, which cannot be used: ${missing.trouble}`,
  };
}

/** What runs may be paused, restarted and readdressed: for criteria that are judged by an experiment. */
export function mayBeDisturbed({ survey }: Lab): Condition {
  const { withheld } = survey.experiments;
  return withheld === undefined ? MET : { holds: false, because: withheld };
}

/** Whether the source could connect to some port of the target, both before and after everything else was tried. */
export function reaches(source: Role, target: Role): Condition {
  const tried = source.lab.survey.reach.filter(
    ({ from, to }) => from === source.facts.name && to === target.facts.name,
  );
  return {
    holds: tried.some(({ outcome, again }) => outcome === 'open' && again === 'open'),
    because: `${source} cannot reach ${target} either, so this is no proof of isolation`,
  };
}

export function speaksMongo(role: Role): Condition {
  return {
    holds: role.lab.survey.databases.some(
      ({ container, ports }) => container === role.facts.name && ports.some(({ hello }) => hello !== undefined),
    ),
    because: `${role} does not answer as a MongoDB`,
  };
}

/** Whether an experiment has shown that requests from outside get through to these backends. */
export function works(front: Role, backends: Role[]): Condition {
  const shown = backends.every((backend) => {
    const experiment = experimentOf(front, backend);
    return experiment !== undefined && touchesBackend(experiment);
  });
  return { holds: shown, because: `no request gets through to ${listed(backends)} even before the addresses change` };
}
