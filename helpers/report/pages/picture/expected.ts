/** The network as the task wants it, as a drawing. */
import { shortName } from '../markup.ts';
import type { Expected } from './differences.ts';
import { limited, OUTSIDE, type Box, type Drawing, type Line } from './drawing.ts';
import { containerId, driverDetails, networkId, PREDEFINED_NAMES } from './networks.ts';

export function expectedDrawing({ networks, containers }: Expected): Drawing {
  const boxes = containers.map(({ role, machine }): Box => ({
    id: containerId(role, machine),
    kind: 'container',
    name: shortName(role),
    details: [],
    ...(machine === undefined ? {} : { machine }),
  }));
  const used = containers.flatMap(({ machine, networks: on }) => on.map((name) => ({ name, machine })));
  // The default bridge and the host's network exist on every machine; the task does not list them.
  const all = [...networks, ...used.filter(({ name }) => networks.every((each) => each.name !== name))].flatMap(
    (network) => {
      const driver = 'driver' in network ? network.driver : (PREDEFINED_NAMES[network.name] ?? '');
      const machines = used.filter(({ name }) => name === network.name).map(({ machine }) => machine);
      return [...new Set(machines.length === 0 ? [undefined] : machines)].map((machine) =>
        networkBox(network.name, driver, machine),
      );
    },
  );
  const networkBoxes = all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
  const lines = containers.flatMap(({ role, machine, networks: on, published, sandboxOf }): Line[] => [
    ...(published ? [{ from: OUTSIDE.id, to: containerId(role, machine), label: 'published' }] : []),
    ...(sandboxOf === undefined
      ? on.map((name) => {
          const driver = networks.find((each) => each.name === name)?.driver ?? '';
          return { from: containerId(role, machine), to: networkId(name, driver, machine), label: '' };
        })
      : [{ from: containerId(role, machine), to: containerId(sandboxOf, machine), label: 'same sandbox' }]),
  ]);
  return limited({ boxes: [OUTSIDE, ...networkBoxes, ...boxes], lines });
}

function networkBox(name: string, driver: string, machine: number | undefined): Box {
  const local = machine !== undefined && driver !== 'overlay';
  return {
    id: networkId(name, driver, machine),
    kind: 'network',
    name: shortName(name),
    details: driverDetails(name, driver).map((detail) => shortName(detail)),
    ...(local ? { machine } : {}),
  };
}
