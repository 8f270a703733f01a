/** Carries the path and query of the request to pages and actions, which Next does not tell them. `proxy.ts` sets it. */
export const PATH_HEADER = 'x-gatehouse-path';
