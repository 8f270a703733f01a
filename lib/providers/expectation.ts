import type { Expectation, SeenRequest, Sightings } from './provider';

const isSuccess = (request: SeenRequest) => request.status < 400;

const JUDGES: Readonly<Record<Expectation['id'], { label: string; isMet: (seen: Sightings) => boolean }>> = {
  connection: { label: 'Connection tested', isMet: (seen) => seen.requests.some(isSuccess) },
  user: { label: 'First person arrived', isMet: (seen) => seen.userCount > 0 },
  group: { label: 'First group arrived', isMet: (seen) => seen.groupCount > 0 },
};

/**
 * The expectations of a provider that pushes over SCIM, in the order in which they are usually met.
 * @param hints what to do at this provider to make each of them happen
 */
export function pushExpectations(hints: Readonly<Record<Expectation['id'], string>>): readonly Expectation[] {
  return (['connection', 'user', 'group'] as const).map((id) => ({ id, hint: hints[id], ...JUDGES[id] }));
}
