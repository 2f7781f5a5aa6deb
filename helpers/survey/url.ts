/** The URL of a port's front page; an IPv6 address goes in brackets (RFC 3986). */
export function urlOf({ address, port }: { address: string; port: number }): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}/`;
}
