/**
 * The address of the client that sent `request`. The front door sets the header to what it saw, whatever the client claimed;
 * of a list that a proxy in front of plain Next made, the last entry is the one that the proxy itself saw.
 */
export function clientAddressOf(request: Request): string | undefined {
  return request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() || undefined;
}
