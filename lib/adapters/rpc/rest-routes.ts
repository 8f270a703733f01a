import type { DescMethodUnary } from '@bufbuild/protobuf';
import { listMethods, listServices } from './descriptors';
import { httpRulesOf } from './http-rules';
import type { HttpRule } from './http-rules';

/** One REST binding, ready to be matched. */
export interface RestRoute {
  readonly method: DescMethodUnary;
  readonly rule: HttpRule;
  /** Names of the request fields in the path, in order. */
  readonly names: readonly string[];
  readonly pattern: RegExp;
  /** Literal characters of each segment: of two routes that match, the one that says more at the first difference wins. */
  readonly weights: readonly number[];
}

const VARIABLE = /\{(\w+)\}/g;

let routes: ReadonlyMap<number, readonly RestRoute[]> | undefined;

/** All REST routes, of methods that are built and of those that are not. */
export function listRoutes(): readonly RestRoute[] {
  return [...indexedRoutes().values()].flat();
}

/** The routes that `path` matches, one at most for each verb, the most specific first. */
export function matchRoutes(path: string): readonly RestRoute[] {
  const candidates = indexedRoutes().get(countSegments(path)) ?? [];
  const verbs = new Set<string>();
  return candidates.filter((route) => {
    if (verbs.has(route.rule.verb) || !route.pattern.test(path)) return false;
    verbs.add(route.rule.verb);
    return true;
  });
}

/** Request fields of a path that `route` matches. Throws URIError if the path is not validly percent-encoded. */
export function readPathValues(route: RestRoute, path: string): Record<string, string> {
  const groups = route.pattern.exec(path)?.slice(1) ?? [];
  return Object.fromEntries(route.names.map((name, at) => [name, decodeURIComponent(groups[at] ?? '')]));
}

function indexedRoutes(): ReadonlyMap<number, readonly RestRoute[]> {
  routes ??= indexRoutes();
  return routes;
}

function indexRoutes(): ReadonlyMap<number, readonly RestRoute[]> {
  const index = new Map<number, RestRoute[]>();
  for (const [, service] of listServices()) {
    for (const method of listMethods(service)) {
      for (const rule of httpRulesOf(method)) {
        const count = countSegments(rule.path);
        const list = index.get(count) ?? [];
        list.push(compileRoute(method, rule));
        index.set(count, list);
      }
    }
  }
  for (const list of index.values()) list.sort(compareSpecificity);
  return index;
}

function compileRoute(method: DescMethodUnary, rule: HttpRule): RestRoute {
  const names = [...rule.path.matchAll(VARIABLE)].map((match) => match[1] ?? '');
  const source = rule.path
    .split(/\{\w+\}/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('([^/]+)');
  const weights = rule.path.split('/').map((segment) => {
    const literal = segment.replace(VARIABLE, '').length;
    return literal === segment.length ? Number.MAX_SAFE_INTEGER : literal;
  });
  return { method, rule, names, pattern: new RegExp(`^${source}$`), weights };
}

function compareSpecificity(a: RestRoute, b: RestRoute): number {
  for (const [at, weight] of a.weights.entries()) {
    const difference = (b.weights[at] ?? 0) - weight;
    if (difference !== 0) return difference;
  }
  return 0;
}

function countSegments(path: string): number {
  return path.split('/').length;
}
