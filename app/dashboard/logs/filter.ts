import type { ExchangeFilter } from '@/lib/domain/log/queries';
import type { Query } from '@/components/dashboard/href';
import { isId } from '@/lib/core/id';
import { readParam } from '@/components/dashboard/href';

/** The state of the log's list, as its address carries it. */
export interface LogView {
  readonly organization?: string;
  readonly directory?: string;
  readonly outcome?: 'ok' | 'failed';
  readonly q?: string;
  readonly isLive: boolean;
}

/** A longer text finds nothing anyway. */
const MAX_TEXT_LENGTH = 200;

/** Reads the list's address; what makes no sense counts as not given. */
export function readLogView(query: Query): LogView {
  const organization = readParam(query['organization']);
  const directory = readParam(query['directory']);
  const outcome = readParam(query['outcome']);
  return {
    organization: organization && isId('organization', organization) ? organization : undefined,
    directory: directory && isId('directory', directory) ? directory : undefined,
    outcome: outcome === 'ok' || outcome === 'failed' ? outcome : undefined,
    q: readParam(query['q'])?.replaceAll('\u0000', '').slice(0, MAX_TEXT_LENGTH) || undefined,
    isLive: readParam(query['live']) === '1',
  };
}

/** The address parameters of a view, without the page. */
export function logParams(view: LogView): Record<string, string | undefined> {
  const { organization, directory, outcome, q, isLive } = view;
  return { organization, directory, outcome, q, live: isLive ? '1' : undefined };
}

/** What the log is asked for. */
export function logFilter(view: LogView): ExchangeFilter {
  return {
    organizationId: view.organization,
    directoryId: view.directory,
    outcome: view.outcome,
    text: view.q,
  };
}

/** Whether the view leaves anything out. */
export function isFiltered(view: LogView): boolean {
  return Boolean(view.organization ?? view.directory ?? view.outcome ?? view.q);
}
