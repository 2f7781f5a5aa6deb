/** What several matchers read out of a network stack. */
import { expect, test } from '@jest/globals';
import { Lab } from '../../../helpers/judge/lab-under-test.ts';
import {
  bare,
  docker0Addresses,
  gatewaysOf,
  interfacesOf,
  isV4,
  outerEnd,
  outerEnds,
} from '../../../helpers/judge/matchers/stack.ts';
import { changed, networkOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('ip-and-hostname');
const lab = new Lab(survey);
const web = lab.role('web');

test('interfaces are those that are up or have an address, besides lo', () => {
  const more = changed(survey, (draft) => {
    const other = { index: 9, mac: '' };
    sandboxOf(draft, 'web').interfaces.push(
      { ...other, name: 'tunl0', up: false, addresses: [] },
      { ...other, name: 'down0', up: false, addresses: ['10.9.8.7/24'] },
      { ...other, name: 'up0', up: true, addresses: [] },
    );
  });
  const names = interfacesOf(new Lab(more).role('web')).map(({ name }) => name);
  expect(names).toEqual(['eth0', 'eth1', 'down0', 'up0']);
});

test('two ends of a pair name each other', () => {
  const [eth0] = interfacesOf(web);
  expect(outerEnd(web, eth0!)).toMatchObject({ index: eth0!.peerIndex, peerIndex: eth0!.index });
  expect(outerEnds(web)).toEqual([expect.stringContaining('eth0 in web'), expect.stringContaining('eth1 in web')]);
});

test('an interface with the number of the other end that does not name it back is not the other end', () => {
  const [eth0] = interfacesOf(web);
  const other = changed(survey, (draft) => {
    draft.host.sandbox.interfaces.find(({ index }) => index === eth0!.peerIndex)!.peerIndex = 99;
  });
  const role = new Lab(other).role('web');
  expect(outerEnd(role, interfacesOf(role)[0]!)).toBeUndefined();
  expect(outerEnds(role)[0]).toContain('no other end on the host');
});

test('gateways are those of IPv4 default routes', () => {
  const more = changed(survey, (draft) => {
    sandboxOf(draft, 'web').routes.push(
      { destination: 'default', gateway: 'fd00::1', device: 'eth0' },
      { destination: '10.0.0.0/8', gateway: '10.9.8.7', device: 'eth0' },
    );
  });
  expect(gatewaysOf(new Lab(more).role('web'))).toEqual(networkOf(survey, 'net-a').gateways);
});

test("docker0's addresses are those of the default bridge network's gateway", () => {
  expect(docker0Addresses(lab)).toEqual(networkOf(survey, 'bridge').gateways);
  const without = changed(survey, ({ host }) => {
    host.sandbox.interfaces = [];
  });
  expect(docker0Addresses(new Lab(without))).toEqual([]);
});

test('an address is told from its prefix length, and from one of IPv6', () => {
  expect([bare('10.0.0.2/24'), bare('10.0.0.2')]).toEqual(['10.0.0.2', '10.0.0.2']);
  expect([isV4('10.0.0.2'), isV4('fd00::2')]).toEqual([true, false]);
});
