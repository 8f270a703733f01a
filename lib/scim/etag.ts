/** What an If-Match or If-None-Match header asks for (RFC 9110 §13.1). */
export type EtagCondition = { readonly kind: 'any' } | { readonly kind: 'tags'; readonly tags: readonly string[] };

/** The weak entity tag of a version: `W/"3"` (RFC 7644 §3.14). */
export function formatEtag(version: number | bigint | string): string {
  return `W/"${version}"`;
}

/**
 * Reads an If-Match or If-None-Match header. Undefined when there is none. Tags come without `W/` and quotes: versions
 * are compared weakly, as SCIM does. A bare value without quotes is taken as a tag; some clients send `meta.version`
 * stripped of them.
 */
export function readEtagCondition(header: string | null | undefined): EtagCondition | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') return undefined;
  if (text === '*') return { kind: 'any' };
  const tags: string[] = [];
  for (const match of text.matchAll(/(?:W\/)?"([^"]*)"|([^\s,"]+)/gi)) {
    const tag = match[1] ?? match[2];
    if (tag !== undefined && tag !== '') tags.push(tag);
  }
  return { kind: 'tags', tags };
}

/** True when the condition names this version. For If-Match true means go on; for If-None-Match it means 304 or 412. */
export function etagMatches(condition: EtagCondition, version: number | bigint | string): boolean {
  return condition.kind === 'any' || condition.tags.includes(String(version));
}
