/** On a network of one's own containers find each other by name; what is on another network stays out of reach. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { answeredOn, attached, running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './user-defined-bridge.lab.ts';

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const [alpine1, alpine2, alpine3, alpine4] = [
  lab.role('alpine1'),
  lab.role('alpine2'),
  lab.role('alpine3'),
  lab.role('alpine4'),
];
const [alpineNet, bridge] = [lab.network('alpine-net'), lab.defaultBridge()];
const all = [alpine1, alpine2, alpine3, alpine4];
const onAlpineNet = [alpine1, alpine2, alpine4];

criterion('containers-running', () => {
  expect(all).toRunAndStayUp();
});

criterion('network-exists', () => {
  expect([alpineNet]).toBeUserDefinedBridges();
});

criterion('attachments', () => {
  needs('containers-running', running(...all));
  needs('network-exists', alpineNet.exists());
  expect(alpine1).toBeAttachedToExactly([alpineNet]);
  expect(alpine2).toBeAttachedToExactly([alpineNet]);
  expect(alpine3).toBeAttachedToExactly([bridge]);
  expect(alpine4).toBeAttachedToExactly([alpineNet, bridge]);
  expect(all).toHaveSandboxesOfTheirOwn();
});

criterion('names-resolve', () => {
  needs('containers-running', running(...onAlpineNet));
  needs('network-exists', alpineNet.exists());
  needs('attachments', ...onAlpineNet.map((role) => attached(role, alpineNet)));
  for (const source of onAlpineNet) {
    for (const target of onAlpineNet.filter((role) => role !== source)) {
      needs('attachments', answeredOn(alpineNet, source, target.called, target));
      expect(source).toResolve(target.called, target, alpineNet);
    }
  }
});

criterion('alpine3-isolated', () => {
  needs('containers-running', running(alpine1, alpine2, alpine3));
  needs('network-exists', alpineNet.exists());
  needs('attachments', attached(alpine1, alpineNet), attached(alpine2, alpineNet), attached(alpine3, bridge));
  for (const source of [alpine1, alpine2]) {
    expect(source).not.toReach(alpine3);
    expect(source).not.toFindByName(alpine3.called, alpine3);
  }
});

criterion('alpine4-reaches-all', () => {
  needs('containers-running', running(...all));
  needs('network-exists', alpineNet.exists());
  needs('attachments', ...onAlpineNet.map((role) => attached(role, alpineNet)));
  needs('attachments', attached(alpine3, bridge), attached(alpine4, bridge));
  for (const target of [alpine1, alpine2, alpine3]) expect(alpine4).toReach(target);
  expect(alpine4).not.toFindByName(alpine3.called, alpine3);
});

criterion('embedded-dns', () => {
  needs('containers-running', running(...onAlpineNet));
  needs('network-exists', alpineNet.exists());
  needs('attachments', ...onAlpineNet.map((role) => attached(role, alpineNet)));
  expect(onAlpineNet).toUseEmbeddedDns();
});
