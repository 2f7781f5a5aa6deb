/**
 * Explanations for courses that want full hints, one or two sentences for each kind of rule: what Docker does there,
 * and the usual cause when the rule fails. They never contain the solution.
 */
import type { Rule } from './rules.ts';

export const EXPLANATIONS: Record<Rule['rule'], string> = {
  running:
    'Docker keeps a container only as long as its first process runs, and Compose starts the others whether or not one has ended. Usually a program did not find something at its start: a file, a module, or somebody who was not there yet.',
  networks:
    'Docker makes a network under exactly the name it is told; Compose puts the project’s name in front unless the name is fixed. What was never declared, or declared and used by nobody, is not made.',
  attached:
    'A container is on the networks that are named for it and on no others; only one that names none is put on a default one. A network too many is usually left over from trying things out; one too few was declared, but not given to this container.',
  published:
    'Publishing ties a port of the host to a port of the container. Outsiders get nothing when it is tied to the host’s loopback only, when it leads to a port on which nobody listens, or when the server inside listens for itself alone.',
  closed:
    'Containers on one network reach each other without any published port; publishing is for those outside. Ports are often published to try something out from the host, and stay.',
  resolves:
    'On a network that a user made, Docker’s DNS answers with the addresses of the containers that have the name or alias there. There is no answer when the two share no such network, and another answer when somebody else has the name, or a hosts file says it.',
  'embedded-dns':
    'Docker writes its own server into /etc/resolv.conf of every container on a network that a user made, whatever else is configured. Another server there means the default bridge, the host’s network, or a file that was mounted or changed.',
  speaks:
    'MongoDB and its clients talk in a protocol of their own, which another database or a placeholder does not know. A real one that does not answer often listens for its own sandbox only, or has not finished starting.',
  'end-to-end':
    'Each container on the way has to find the next one by name, on a port where that one listens for others. An answer without the database is usually a fixed page, or an error that the program turns into a friendly answer.',
  isolated:
    'Docker keeps the packets of different bridge networks apart, so without a network in common there is no way, by name or by address. A way is opened by a shared network, by a port published on the host, or by a third container that passes connections on.',
  renumbered:
    'Docker gives out addresses anew whenever containers and networks are made, and only names stay the same. What breaks then has an address written down somewhere, or keeps one that it looked up long ago.',
};
