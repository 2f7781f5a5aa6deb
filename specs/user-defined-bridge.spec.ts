/** On a network of one's own containers find each other by name; what is on another network stays out of reach. */
import { check, specOf, expect, type Need } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network, type Role } from '../helpers/judge/lab-under-test.ts';
import {
  answeredOn,
  attached,
  running,
  runningOrOnOwnNetworks,
  settled,
} from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './user-defined-bridge.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [alpine1, alpine2, alpine3, alpine4] = [
  lab.role('alpine1'),
  lab.role('alpine2'),
  lab.role('alpine3'),
  lab.role('alpine4'),
];
const all = [alpine1, alpine2, alpine3, alpine4];
const onAlpineNet = [alpine1, alpine2, alpine4];
const [alpineNet] = lab.networksOf({ 'alpine-net': onAlpineNet }) as [Network];
const bridge = lab.defaultBridge();
const allRun = need('containers-running', () => running(...all));
const thoseOnAlpineNetRun = need('containers-running', () => running(...onAlpineNet));
const netExists = need('network-exists', () => alpineNet.exists());
const isOn = (role: Role, network: Network): Need => need('attachments', () => attached(role, network));
const areOnAlpineNet = onAlpineNet.map((role) => isOn(role, alpineNet));

criterion('containers-running', () => {
  expect(all).toRunAndStayUp();
});

criterion('network-exists', () => {
  expect([alpineNet]).toBeUserDefinedBridges();
});

const allSettled = need('containers-running', () => settled(...all));

criterion('attachments', { needs: [allSettled, netExists] }, () => {
  expect(alpine1).toBeAttachedToExactly([alpineNet]);
  expect(alpine2).toBeAttachedToExactly([alpineNet]);
  expect(alpine3).toBeAttachedToExactly([bridge]);
  expect(alpine4).toBeAttachedToExactly([alpineNet, bridge]);
  expect(all).toHaveSandboxesOfTheirOwn();
});

criterion('names-resolve', { needs: [thoseOnAlpineNetRun, netExists, ...areOnAlpineNet] }, () => {
  for (const source of onAlpineNet) {
    for (const target of onAlpineNet.filter((role) => role !== source)) {
      check(need('attachments', () => answeredOn(alpineNet, source, target.called, target)));
      expect(source).toResolve(target.called, target, alpineNet);
    }
  }
});

const alpine3Apart = [
  need('containers-running', () => running(alpine1, alpine2, alpine3)),
  netExists,
  ...[isOn(alpine1, alpineNet), isOn(alpine2, alpineNet), isOn(alpine3, bridge)],
];

criterion('alpine3-isolated', { needs: alpine3Apart }, () => {
  for (const source of [alpine1, alpine2]) {
    expect(source).not.toReach(alpine3);
    expect(source).not.toFindByName(alpine3.called, alpine3);
  }
});

const everybodyInPlace = [allRun, netExists, ...areOnAlpineNet, isOn(alpine3, bridge), isOn(alpine4, bridge)];

criterion('alpine4-reaches-all', { needs: everybodyInPlace }, () => {
  for (const target of [alpine1, alpine2, alpine3]) expect(alpine4).toReach(target);
  expect(alpine4).not.toFindByName(alpine3.called, alpine3);
});

const someRun = need('containers-running', () => runningOrOnOwnNetworks(...onAlpineNet));
const settledOnAlpineNet = [need('containers-running', () => settled(...onAlpineNet)), netExists, ...areOnAlpineNet];

criterion('embedded-dns', { needs: settledOnAlpineNet, toPass: [someRun] }, () => {
  expect(onAlpineNet).toUseEmbeddedDns();
});
