/** Turns a topology into a lab: its criteria, and what is surveyed of a submission. */
import type { CriterionDefinition, LabDefinition } from '../lab-definition.ts';
import type { Application } from '../survey-plan.ts';
import { EXPLANATIONS } from './explanations.ts';
import { pointsOf, rulesById } from './rules.ts';
import { backendsOf, startOrder, type Topology } from './topology.ts';
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
      .map(({ name, path }) => ({ front: name, path, backends: backendsOf(topology, name) })),
    databases: roles.filter(({ protocol }) => protocol === 'mongodb').map(({ name, port }) => ({ role: name, port })),
    startOrder: startOrder(topology) ?? [],
  };
}
