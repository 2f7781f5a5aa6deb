/** How a port is spoken to: in plain words or over TLS. */
export type Scheme = 'http' | 'https';

/** The URL of something behind a port; an IPv6 address goes in brackets (RFC 3986). */
export function urlOf(
  { address, port }: { address: string; port: number },
  path = '/',
  scheme: Scheme = 'http',
): string {
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
}
