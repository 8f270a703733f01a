/** What Next gives a page for one name of the address's query. */
export type QueryValue = string | readonly string[] | undefined;

/** The query of an address, as a page's `searchParams` resolve to. */
export type Query = Readonly<Record<string, QueryValue>>;

/** The first value of a query parameter, trimmed; undefined when it is absent or blank. */
export function readParam(value: QueryValue): string | undefined {
  const first = typeof value === 'string' ? value : value?.[0];
  return first?.trim() || undefined;
}

/** An address with a query; parameters without a value are left out. */
export function withQuery(path: string, params: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
