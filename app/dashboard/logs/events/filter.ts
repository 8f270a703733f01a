import type { Query } from '@/components/dashboard/href';
import type { EventFilter } from '@/lib/domain/event/types';
import { isId } from '@/lib/core/id';
import { EVENT_TYPES } from '@/lib/domain/event/types';
import { readParam } from '@/components/dashboard/href';
import { objectOf } from './subject';

/** Stretches of time that end now, by their names in an address. */
export const PERIODS = [
  { value: '1h', label: 'Last hour', ms: 3_600_000 },
  { value: '24h', label: 'Last 24 hours', ms: 24 * 3_600_000 },
  { value: '7d', label: 'Last 7 days', ms: 7 * 24 * 3_600_000 },
  { value: '30d', label: 'Last 30 days', ms: 30 * 24 * 3_600_000 },
] as const;

/** When a period of an address began, seen from `now`; undefined when it names none. */
export function startOfPeriod(period: string | undefined, now: Date): Date | undefined {
  const found = PERIODS.find(({ value }) => value === period);
  return found && new Date(now.getTime() - found.ms);
}

/** The state of the list of events, as its address carries it. */
export interface EventView {
  readonly organization?: string;
  readonly type?: string;
  readonly resource?: string;
  readonly period?: string;
  readonly isLive: boolean;
}

/** Reads the list's address; what makes no sense counts as not given. A resource that cannot be one is kept: nothing matches it. */
export function readEventView(query: Query): EventView {
  const organization = readParam(query['organization']);
  const type = readParam(query['type']);
  const period = readParam(query['period']);
  return {
    organization: organization && isId('organization', organization) ? organization : undefined,
    type: EVENT_TYPES.find((known) => known === type),
    resource: readParam(query['resource'])?.replaceAll('\u0000', '').slice(0, 100) || undefined,
    period: PERIODS.find(({ value }) => value === period)?.value,
    isLive: readParam(query['live']) === '1',
  };
}

/** The address parameters of a view, without the page. */
export function eventParams(view: EventView): Record<string, string | undefined> {
  const { organization, type, resource, period, isLive } = view;
  return { organization, type, resource, period, live: isLive ? '1' : undefined };
}

/** What the events are asked for. */
export function eventFilter(view: EventView, now: Date): EventFilter {
  return {
    organizationId: view.organization,
    types: view.type === undefined ? undefined : [view.type],
    startsAt: startOfPeriod(view.period, now),
    resource: view.resource === undefined ? undefined : { object: objectOf(view.resource), id: view.resource },
  };
}

/** Whether the view leaves anything out. */
export function isFiltered(view: EventView): boolean {
  return Boolean(view.organization ?? view.type ?? view.resource ?? view.period);
}
