/** The URL of something behind a port; an IPv6 address goes in brackets (RFC 3986). */
export function urlOf({ address, port }: { address: string; port: number }, path = '/'): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
}
