/** Turns a topology into a lab: its criteria, and what is surveyed of a submission. */
import type { CriterionDefinition, LabDefinition } from '../lab-definition.ts';
import { OUTSIDE, type Apart, type Application } from '../survey-plan.ts';
import { EXPLANATIONS } from './explanations.ts';
import { pointsOf, rulesById, rulesOf } from './rules.ts';
import { backendsOf, startOrder, wayBetween, type Topology } from './topology.ts';
import { wantedOf } from './wanted.ts';
import { wordingOf } from './wording.ts';

export function labOf(topology: Topology): LabDefinition {
  const rules = rulesById(topology);
  const points = pointsOf([...rules.values()]);
  const criteria = [...rules].map(([id, rule], i): [string, CriterionDefinition] => [
    id,
    { ...wordingOf(rule, topology), explanation: EXPLANATIONS[rule.rule], points: points[i] ?? 0 },
  ]);
  return {
    name: topology.name,
    title: topology.title,
    survey: {
      roles: topology.roles.map(({ name, images }) => ({ name, images, serves: true })),
      application: applicationOf(topology),
      apart: apartIn(topology),
    },
    wanted: wantedOf(topology),
    criteria: Object.fromEntries(criteria),
  };
}

function applicationOf(topology: Topology): Application {
  const { roles } = topology;
  return {
    requests: roles
      .filter((role) => role.public)
      .map(({ name, path }) => {
        const backends = backendsOf(topology, name);
        return { front: name, path, backends, ways: backends.map((backend) => wayBetween(topology, name, backend)) };
      }),
    databases: roles.filter(({ protocol }) => protocol === 'mongodb').map(({ name, port }) => ({ role: name, port })),
    startOrder: startOrder(topology) ?? [],
  };
}

function apartIn(topology: Topology): Apart {
  const { roles, links } = topology;
  const publics = roles.filter((role) => role.public).map(({ name }) => name);
  const isolated = rulesOf(topology).filter((each) => each.rule === 'isolated');
  // What a front itself asks is asked for outsiders, too.
  const hidden = isolated.filter(
    ({ target }) => !links.some(({ from, to }) => to === target && publics.includes(from)),
  );
  return {
    pairs: [
      ...isolated.flatMap(({ target, from }) => from.map((each) => ({ from: each, to: target }))),
      ...hidden.map(({ target }) => ({ from: OUTSIDE, to: target })),
    ],
    links: links.map(({ from, to }) => ({ from, to })),
    speaks: Object.fromEntries(roles.map(({ name, protocol }) => [name, protocol])),
    publics,
  };
}
