/** Ends connections whose other end is not there any more, although no packet says so: what would wait for it does not. */
import { BlockList, isIPv6, type IPVersion } from 'node:net';
import type { EndConnections, EndConnectionsAnswer } from '../protocol.ts';
import { CONNECTED, SockDiag, type TcpSocket } from './sock-diag.ts';
import { namespaceOf } from './stack.ts';
import type { Standpoint } from './standpoint.ts';

const home = namespaceOf('self');

/** @throws in the machine's own namespace, which containers may be in, too: its connections are nobody's to end. */
export function endConnections(from: Standpoint, { addresses, port }: EndConnections): EndConnectionsAnswer {
  // It knows an IPv6 address however it is written.
  const ends = new BlockList();
  for (const each of addresses ?? []) ends.addAddress(each, familyOf(each));
  const isMeant = ({ localAddress, localPort, remoteAddress }: TcpSocket): boolean =>
    (addresses === undefined || [localAddress, remoteAddress].some((each) => ends.check(each, familyOf(each)))) &&
    (port === undefined || localPort === port);
  return from.within(() => {
    if (namespaceOf('thread-self') === home) throw new Error('connections are ended in a sandbox only');
    using diag = SockDiag.open();
    const meant = diag?.sockets(CONNECTED)?.filter(isMeant);
    if (diag === undefined || meant === undefined) return {};
    const ended = meant.map((socket) => diag.end(socket));
    return ended.includes(undefined) ? {} : { ended: ended.filter(Boolean).length };
  });
}

function familyOf(address: string): IPVersion {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
