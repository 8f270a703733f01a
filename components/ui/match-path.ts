/**
 * Which of the given addresses the current page belongs to: the longest one that is the path or a parent folder of it;
 * null when none is. Queries and fragments of the addresses are ignored.
 */
export function matchPath(path: string, hrefs: readonly string[]): string | null {
  let best: string | null = null;
  let bestLength = -1;
  for (const href of hrefs) {
    const target = href.replace(/[?#].*$/, '');
    const isParent = path === target || path.startsWith(target.endsWith('/') ? target : `${target}/`);
    if (isParent && target.length > bestLength) {
      best = href;
      bestLength = target.length;
    }
  }
  return best;
}
