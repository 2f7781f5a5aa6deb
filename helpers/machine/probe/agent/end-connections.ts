/** Ends connections whose other end is not there any more, although no packet says so: what would wait for it does not. */
import type { EndConnections, EndConnectionsAnswer } from '../protocol.ts';
import { CONNECTED, SockDiag, type TcpSocket } from './sock-diag.ts';
import { namespaceOf } from './stack.ts';
import type { Standpoint } from './standpoint.ts';

const home = namespaceOf('self');

/** @throws in the machine's own namespace, which containers may be in, too: its connections are nobody's to end. */
export function endConnections(from: Standpoint, { addresses, port }: EndConnections): EndConnectionsAnswer {
  const isMeant = ({ localAddress, localPort, remoteAddress }: TcpSocket): boolean =>
    (addresses === undefined || [localAddress, remoteAddress].some((each) => addresses.includes(each))) &&
    (port === undefined || localPort === port);
  return from.within(() => {
    if (namespaceOf('thread-self') === home) throw new Error('connections are ended in a sandbox only');
    using diag = SockDiag.open();
    const meant = diag?.sockets(CONNECTED)?.filter(isMeant);
    if (diag === undefined || meant === undefined) return {};
    const ends = meant.map((socket) => diag.end(socket));
    return ends.includes(undefined) ? {} : { ended: ends.filter(Boolean).length };
  });
}
