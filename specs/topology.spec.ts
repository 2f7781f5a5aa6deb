/** The rules that follow from a topology (specs/topologies/<lab>.yaml), each judged in the same way for every lab. */
import { specOf, expect, type Condition, type Need } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network, type Role } from '../helpers/judge/lab-under-test.ts';
import {
  answeredOn,
  attached,
  attachedExactly,
  closedOrRunning,
  either,
  mayBeDisturbed,
  reaches,
  running,
  runningOrOnOwnNetworks,
  settled,
  speaksMongo,
  works,
} from '../helpers/judge/matchers/conditions.ts';
import { topologyUnderTest } from '../helpers/judge/spec-context.ts';
import '../helpers/judge/matchers/index.ts';
import { labOf } from '../helpers/lab/topology/definition.ts';
import { rulesById, type Rule } from '../helpers/lab/topology/rules.ts';
import { networksOf, rolesOn, sharedNetworks } from '../helpers/lab/topology/topology.ts';

const topology = topologyUnderTest();
const { criterion, need } = specOf(labOf(topology));
const lab = labUnderTest();
const role = (name: string): Role => lab.role(name);
const names = topology.networks.map(({ name }) => name);
const networks = lab.networksOf(Object.fromEntries(names.map((name) => [name, rolesOn(topology, name).map(role)])));
const network = (name: string): Network => networks[names.indexOf(name)]!;
const networksFor = (name: string): Network[] => networksOf(topology, name).map(network);
const everybody = topology.roles.map(({ name }) => role(name));
/** Two databases do not know what was told to the other one. */
const databases = topology.roles.filter(({ protocol }) => protocol === 'mongodb').map(({ name }) => role(name));
const rules = rulesById(topology);

/** The id of the criterion that judges a rule. */
function idOf(wanted: (rule: Rule) => boolean): string {
  const found = [...rules].find(([, rule]) => wanted(rule));
  if (found === undefined) throw new Error('a rule needs another one that the topology does not have');
  return found[0];
}

const RUNNING = idOf(({ rule }) => rule === 'running');
const attachmentsOf = (name: string): string => idOf((each) => each.rule === 'attached' && each.role === name);

const runs = (...roles: Role[]): Need => need(RUNNING, () => running(...roles));
const exists = (each: Role): Need => need(RUNNING, () => each.exists());
const isOn = (name: string, over: string): Need => need(attachmentsOf(name), () => attached(role(name), network(over)));

for (const [id, rule] of rules) declare(id, rule);

function declare(id: string, rule: Rule): void {
  switch (rule.rule) {
    case 'running':
      criterion(id, () => {
        expect(everybody).toRunAndStayUp({ alone: databases });
      });
      return;
    case 'networks':
      criterion(id, () => {
        expect(names.map(network)).toBeUserDefinedBridges();
      });
      return;
    case 'attached': {
      const it = role(rule.role);
      criterion(id, { needs: [exists(it)], toPass: [need(RUNNING, () => settled(it))] }, () => {
        expect(it).toBeAttachedToExactly(networksFor(rule.role));
      });
      return;
    }
    case 'published':
      criterion(id, { needs: [runs(role(rule.role))] }, () => {
        expect(role(rule.role)).toAnswerHttpFromOutside();
      });
      return;
    case 'closed': {
      const publics = rule.publics.map(role);
      const others = everybody.filter(({ name }) => !rule.publics.includes(name));
      const toPass = [need(RUNNING, () => closedOrRunning(...others))];
      criterion(id, { needs: publics.map(exists), toPass }, () => {
        expect(lab).toBeClosedFromOutsideExcept(publics);
      });
      return;
    }
    case 'resolves':
      declareName(id, rule);
      return;
    case 'embedded-dns':
      criterion(id, { toPass: [need(RUNNING, () => runningOrOnOwnNetworks(...everybody))] }, () => {
        expect(everybody).toUseEmbeddedDns();
      });
      return;
    case 'speaks':
      criterion(id, { needs: [runs(role(rule.role))] }, () => {
        expect(role(rule.role)).toSpeakMongo();
      });
      return;
    case 'end-to-end': {
      const front = role(rule.front);
      const published = idOf((each) => each.rule === 'published' && each.role === rule.front);
      const needs = [runs(...everybody), need(published, () => front.answersFromOutside())];
      criterion(id, { onlyWhere: () => mayBeDisturbed(lab), needs }, () => {
        for (const backend of rule.backends) expect(front).toAsk(role(backend));
      });
      return;
    }
    case 'isolated':
      declareIsolation(id, rule);
      return;
    case 'renumbered': {
      const needs = [...rules].flatMap(([endToEnd, each]) =>
        each.rule === 'end-to-end' ? [need(endToEnd, () => works(role(each.front), each.backends.map(role)))] : [],
      );
      criterion(id, { onlyWhere: () => mayBeDisturbed(lab), needs }, () => {
        expect(lab).toWorkWithNewAddresses();
      });
      return;
    }
  }
}

function declareName(id: string, { from, to, by, over }: Extract<Rule, { rule: 'resolves' }>): void {
  const [source, target, shared] = [role(from), role(to), network(over)];
  const answered = (): Condition => answeredOn(shared, source, by, target);
  const needs = [
    ...[runs(source, target), isOn(from, over), isOn(to, over)],
    // If the name was answered on another network that both are on, that is the fault of the one who should not be there.
    need(attachmentsOf(from), () => either(attachedExactly(source, networksFor(from)), answered)),
    need(attachmentsOf(to), answered),
  ];
  criterion(id, { needs }, () => {
    expect(source).toResolve(by, target, shared);
  });
}

function declareIsolation(id: string, { target, from, control }: Extract<Rule, { rule: 'isolated' }>): void {
  const [guarded, friend, strangers] = [role(target), role(control), from.map(role)];
  // The positive control: that nobody reaches it would prove nothing. If not even a friend does, it is said why not.
  const open = (): Condition => reaches(friend, guarded);
  const orElse = ({ id: other, conditions }: Need): Need =>
    need(other, ...conditions.map((condition) => () => either(open(), condition)));
  const isEndToEnd = ({ rule }: Rule): boolean => rule === 'end-to-end';
  const isTheirLink = (rule: Rule): boolean => rule.rule === 'resolves' && rule.from === control && rule.to === target;
  const talking = idOf([...rules.values()].some(isEndToEnd) ? isEndToEnd : isTheirLink);
  const needs = [
    runs(guarded, friend, ...strangers),
    ...sharedNetworks(topology, control, target)
      .flatMap((name) => [isOn(control, name), isOn(target, name)])
      .map(orElse),
    ...[...rules]
      .filter(([, each]) => each.rule === 'speaks' && each.role === target)
      .map(([speaks]) => orElse(need(speaks, () => speaksMongo(guarded)))),
    need(talking, open),
  ];
  criterion(id, { needs }, () => {
    for (const stranger of strangers) expect(stranger).not.toReach(guarded);
  });
}
