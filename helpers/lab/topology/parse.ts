/** Reads a topology file. Every error in it is refused with the line and the reason. */
import type { Node } from 'yaml';
import { YamlFile } from '../../base/yaml-file.ts';
import { ruleKey, rulesById, rulesOf } from './rules.ts';
import { PROTOCOLS, sharedNetworks, startOrder, type Link, type Topology, type TopologyRole } from './topology.ts';

const KEYS = ['title', 'roles', 'networks', 'links', 'ids'];
const ROLE_KEYS = ['called', 'image', 'protocol', 'port', 'public', 'path'];
const LINK_KEYS = ['from', 'to', 'by', 'over'];
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * @param file What the file is called, for messages.
 * @param name The lab's name: the file's name without its ending.
 * @throws {UsageError} with the line and the reason.
 */
export function parseTopology(text: string, file: string, name: string): Topology {
  const yaml = new YamlFile(text, file);
  if (!ID.test(name))
    yaml.refuse(
      undefined,
      `a lab is called as its file, and "${name}" is not made of small letters, digits and hyphens`,
    );
  return new Reader(yaml).topology(yaml.root, name);
}

class Reader {
  readonly #yaml: YamlFile;

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
  }

  topology(root: Node | null, name: string): Topology {
    const top = this.#yaml.entries(root, 'a topology', KEYS);
    const roles = [...this.#yaml.entries(top.get('roles') ?? root, 'roles')].map(([role, node]) =>
      this.#role(role, node),
    );
    if (roles.length === 0) this.#yaml.refuse(root, 'there are no roles');
    const known = roles.map((role) => role.name);
    const networks = [...this.#yaml.entries(top.get('networks') ?? root, 'networks')].map(([network, node]) => ({
      name: network,
      roles: this.#members(network, node, known),
    }));
    for (const role of known) {
      if (!networks.some((network) => network.roles.includes(role)))
        this.#yaml.refuse(this.#yaml.key(top.get('roles'), role), `the role ${role} is on no network`);
    }
    const topology: Topology = {
      name,
      title: this.#yaml.text(top.get('title') ?? root, 'title'),
      roles,
      networks,
      links: [],
      ids: {},
    };
    const links = top.get('links');
    for (const node of links === undefined ? [] : this.#yaml.list(links, 'links'))
      topology.links.push(this.#link(node, topology));
    if (startOrder(topology) === undefined)
      this.#yaml.refuse(links, 'the links go round in a circle, so nobody can be started first');
    if (!roles.some((role) => role.public))
      this.#yaml.refuse(top.get('roles'), 'no role is public: say "public: true" of who is talked to from outside');
    topology.ids = this.#ids(top.get('ids'), topology);
    return topology;
  }

  #role(name: string, node: Node): TopologyRole {
    if (!NAME.test(name)) this.#yaml.refuse(node, `"${name}" cannot be the name of a container`);
    const keys = this.#yaml.entries(node, `the role ${name}`, ROLE_KEYS);
    const text = (key: string, otherwise: string): string =>
      keys.has(key) ? this.#yaml.text(keys.get(key), key) : otherwise;
    const protocol = PROTOCOLS.find((each) => each === text('protocol', 'http'));
    if (protocol === undefined)
      return this.#yaml.refuse(keys.get('protocol'), `protocol must be one of ${PROTOCOLS.join(', ')}`);
    const isPublic = this.#yaml.scalar(keys.get('public')) ?? false;
    if (typeof isPublic !== 'boolean') return this.#yaml.refuse(keys.get('public'), 'public must be true or false');
    if (isPublic && protocol !== 'http')
      this.#yaml.refuse(keys.get('public'), `the role ${name} is public, so its protocol must be http`);
    const port = this.#yaml.scalar(keys.get('port'));
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
      return this.#yaml.refuse(keys.get('port') ?? node, `the role ${name} needs a port, from 1 to 65535`);
    const path = text('path', '/');
    if (!/^\/[\x21-\x7e]*$/.test(path))
      this.#yaml.refuse(keys.get('path'), 'path must begin with / and hold no blanks');
    const image = keys.get('image');
    return {
      name,
      called: text('called', name),
      images: image === undefined ? [] : this.#yaml.texts(image, 'image'),
      protocol,
      port,
      public: isPublic,
      path,
    };
  }

  #members(network: string, node: Node, known: string[]): string[] {
    if (!NAME.test(network)) this.#yaml.refuse(node, `"${network}" cannot be the name of a network`);
    const members = this.#yaml.list(node, `the network ${network}`);
    if (members.length === 0) this.#yaml.refuse(node, `nobody is on the network ${network}`);
    return members.map((member) => {
      const role = this.#yaml.text(member, 'a role');
      return known.includes(role)
        ? role
        : this.#yaml.refuse(member, `there is no role "${role}"; the roles are ${known.join(', ')}`);
    });
  }

  #link(node: Node, topology: Topology): Link {
    const keys = this.#yaml.entries(node, 'a link', LINK_KEYS);
    const known = topology.roles.map(({ name }) => name);
    const [from = '', to = ''] = ['from', 'to'].map((key) => {
      const role = this.#yaml.text(keys.get(key) ?? node, `"${key}" of a link`);
      return known.includes(role)
        ? role
        : this.#yaml.refuse(keys.get(key), `there is no role "${role}"; the roles are ${known.join(', ')}`);
    });
    if (from === to) this.#yaml.refuse(node, `${from} is linked to itself`);
    const shared = sharedNetworks(topology, from, to);
    const over = keys.has('over') ? this.#yaml.text(keys.get('over'), 'over') : shared[0];
    if (over === undefined) return this.#yaml.refuse(node, `${from} is linked to ${to}, but they share no network`);
    if (!shared.includes(over))
      this.#yaml.refuse(keys.get('over'), `${from} and ${to} do not share the network "${over}"`);
    if (shared.length > 1 && !keys.has('over'))
      this.#yaml.refuse(
        node,
        `${from} and ${to} share ${shared.join(' and ')}: say over which one they talk, e.g. "over: ${over}"`,
      );
    return { from, to, by: keys.has('by') ? this.#yaml.text(keys.get('by'), 'by') : to, over };
  }

  #ids(node: Node | undefined, topology: Topology): Record<string, string> {
    if (node === undefined) return {};
    const rules = rulesOf(topology).map(ruleKey);
    const ids = [...this.#yaml.entries(node, 'ids')].map(([id, rule]): [string, string] => {
      if (!ID.test(id)) this.#yaml.refuse(rule, `"${id}" is no criterion id: small letters, digits and hyphens`);
      const key = this.#yaml.text(rule, `the rule of ${id}`);
      if (!rules.includes(key)) this.#yaml.refuse(rule, `there is no rule "${key}"; the rules are ${rules.join(', ')}`);
      return [key, id];
    });
    const all = { ...topology, ids: Object.fromEntries(ids) };
    if (rulesById(all).size < rules.length) this.#yaml.refuse(node, 'two rules have the same criterion id');
    return all.ids;
  }
}
