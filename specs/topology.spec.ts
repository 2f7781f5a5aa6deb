/** The rules that follow from a topology (specs/topologies/<lab>.yaml), each judged in the same way for every lab. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network, type Role } from '../helpers/judge/lab-under-test.ts';
import {
  answeredOn,
  attached,
  attachedExactly,
  reaches,
  running,
  speaksMongo,
  works,
} from '../helpers/judge/matchers/conditions.ts';
import { topologyUnderTest } from '../helpers/judge/spec-context.ts';
import '../helpers/judge/matchers/index.ts';
import { needExperiments } from '../helpers/judge/matchers/service.ts';
import { labOf } from '../helpers/lab/topology/definition.ts';
import { rulesById, type Rule } from '../helpers/lab/topology/rules.ts';
import { networksOf, roleOf, sharedNetworks } from '../helpers/lab/topology/topology.ts';

const topology = topologyUnderTest();
const { criterion, needs } = specOf(labOf(topology));
const lab = labUnderTest();
const role = (name: string): Role => lab.role(name);
const networksFor = (name: string): Network[] => networksOf(topology, name).map((each) => lab.network(each));
const everybody = topology.roles.map(({ name }) => role(name));
const rules = rulesById(topology);

/** The id of the criterion that judges a rule. */
function idOf(wanted: (rule: Rule) => boolean): string {
  const found = [...rules].find(([, rule]) => wanted(rule));
  if (found === undefined) throw new Error('a rule needs another one that the topology does not have');
  return found[0];
}

const RUNNING = idOf(({ rule }) => rule === 'running');
const attachmentsOf = (name: string): string => idOf((each) => each.rule === 'attached' && each.role === name);

for (const [id, rule] of rules) {
  criterion(id, () => {
    judge(rule);
  });
}

function judge(rule: Rule): void {
  switch (rule.rule) {
    case 'running':
      expect(everybody).toRunAndStayUp();
      return;
    case 'networks':
      expect(topology.networks.map(({ name }) => lab.network(name))).toBeUserDefinedBridges();
      return;
    case 'attached':
      needs(RUNNING, role(rule.role).exists());
      expect(role(rule.role)).toBeAttachedToExactly(networksFor(rule.role));
      needs(RUNNING, running(role(rule.role)));
      return;
    case 'published':
      needs(RUNNING, running(role(rule.role)));
      expect(role(rule.role)).toAnswerHttpFromOutside();
      return;
    case 'closed': {
      const publics = rule.publics.map(role);
      for (const each of publics) needs(RUNNING, each.exists());
      expect(lab).toBeClosedFromOutsideExcept(publics);
      needs(RUNNING, running(...everybody.filter(({ name }) => !rule.publics.includes(name))));
      return;
    }
    case 'resolves':
      judgeName(rule);
      return;
    case 'embedded-dns':
      expect(everybody).toUseEmbeddedDns();
      needs(RUNNING, running(...everybody));
      return;
    case 'speaks':
      needs(RUNNING, running(role(rule.role)));
      expect(role(rule.role)).toSpeakMongo();
      return;
    case 'end-to-end':
      needExperiments(lab);
      needs(RUNNING, running(...everybody));
      needs(
        idOf((each) => each.rule === 'published' && each.role === rule.front),
        role(rule.front).answersFromOutside(),
      );
      for (const backend of rule.backends) expect(role(rule.front)).toAsk(role(backend));
      return;
    case 'isolated':
      judgeIsolation(rule);
      return;
    case 'renumbered':
      needExperiments(lab);
      for (const [endToEnd, each] of rules) {
        if (each.rule === 'end-to-end') needs(endToEnd, works(role(each.front), each.backends.map(role)));
      }
      expect(lab).toWorkWithNewAddresses();
      return;
  }
}

function judgeName({ from, to, by, over }: Extract<Rule, { rule: 'resolves' }>): void {
  const [source, target, network] = [role(from), role(to), lab.network(over)];
  needs(RUNNING, running(source, target));
  needs(attachmentsOf(from), attached(source, network));
  needs(attachmentsOf(to), attached(target, network));
  const stray = attachedExactly(source, networksFor(from)).holds ? to : from;
  needs(attachmentsOf(stray), answeredOn(network, source, by, target));
  expect(source).toResolve(by, target, network);
}

function judgeIsolation({ target, from, control }: Extract<Rule, { rule: 'isolated' }>): void {
  const [guarded, friend, strangers] = [role(target), role(control), from.map(role)];
  needs(RUNNING, running(guarded, friend, ...strangers));
  // The positive control: that nobody reaches it would prove nothing.
  const open = reaches(friend, guarded);
  if (!open.holds) {
    for (const name of sharedNetworks(topology, control, target)) {
      needs(attachmentsOf(control), attached(friend, lab.network(name)));
      needs(attachmentsOf(target), attached(guarded, lab.network(name)));
    }
    if (roleOf(topology, target).protocol === 'mongodb')
      needs(
        idOf((each) => each.rule === 'speaks' && each.role === target),
        speaksMongo(guarded),
      );
    needs(
      idOf((each) => each.rule === 'end-to-end'),
      open,
    );
  }
  for (const stranger of strangers) expect(stranger).not.toReach(guarded);
}
