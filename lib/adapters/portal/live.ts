import { writePageToken } from '@/lib/core/page';
import type { Directory } from '@/lib/domain/directory/types';
import { listExchanges } from '@/lib/domain/log/queries';
import type { Exchange } from '@/lib/domain/log/types';
import { listDirectoryGroups, listDirectoryUsers } from '@/lib/domain/provisioning/queries';
import { providerOf } from '@/lib/providers/registry';
import { explainFailure } from './explain';
import type { Visit } from './session';

/** How many people and groups the live view shows: the newest. The portal is to see that they arrive, not to browse them. */
const SHOWN = 20;
/** How many of the latest requests are looked at for what was met and what went wrong. */
const LOOKED_AT = 50;
/** Sorts after every id, so that the page before it is the newest. */
const AFTER_ALL_IDS = 'z';

/** What a directory's live view shows, as JSON: moments are RFC 3339 text. */
export interface LiveState {
  /** When it was read. */
  readonly now: string;
  readonly lastCall: { readonly at: string; readonly operation: string; readonly isOk: boolean } | null;
  /** The latest request that failed. */
  readonly problem: {
    readonly at: string;
    readonly operation: string;
    readonly words: string;
    readonly fix: string;
    /** Whether the same kind of request worked since. */
    readonly isResolved: boolean;
  } | null;
  readonly checks: readonly {
    readonly id: string;
    readonly label: string;
    readonly hint: string;
    readonly isMet: boolean;
  }[];
  readonly users: { readonly total: number; readonly items: readonly LiveUser[] };
  readonly groups: { readonly total: number; readonly items: readonly LiveGroup[] };
}

/** A person, newest first. */
export interface LiveUser {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  readonly isActive: boolean;
  readonly groups: readonly string[];
  readonly updatedAt: string;
}

/** A group, newest first. */
export interface LiveGroup {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  readonly updatedAt: string;
}

/** The latest failure, unless nothing failed. `exchanges` are newest first. */
function findProblem(exchanges: readonly Exchange[], provider: string): LiveState['problem'] {
  const index = exchanges.findIndex((exchange) => exchange.status >= 400);
  const failed = exchanges[index];
  if (!failed) return null;
  // Once the token and the connection are right for one request they are right for all.
  const isAboutAccess = failed.status === 401 || failed.status === 403;
  const isSameKind = (later: Exchange) =>
    isAboutAccess ||
    (later.operation === failed.operation &&
      (failed.resourceName === null || later.resourceName === null || later.resourceName === failed.resourceName));
  return {
    at: failed.createdAt.toISOString(),
    operation: failed.operation,
    ...explainFailure(failed, provider),
    isResolved: exchanges.slice(0, index).some(isSameKind),
  };
}

/** What arrived at a directory so far, how it goes, and what is still expected. The directory must be the visit's own. */
export async function readLive(visit: Visit, directory: Directory): Promise<LiveState> {
  const { ctx } = visit;
  const provider = providerOf(directory.provider);
  const scope = { organizationId: directory.organizationId, directoryId: directory.id };
  const newest = (prefix: string) => ({
    ...scope,
    pageSize: SHOWN,
    pageToken: writePageToken({ direction: 'before', key: prefix + AFTER_ALL_IDS }),
  });
  const [log, users, groups] = await Promise.all([
    listExchanges(ctx, scope, { pageSize: LOOKED_AT }),
    listDirectoryUsers(ctx, newest('diruser_')),
    listDirectoryGroups(ctx, newest('dirgroup_')),
  ]);
  const [last] = log.items;
  const seen = { requests: log.items, userCount: users.totalSize, groupCount: groups.totalSize };
  return {
    now: ctx.now().toISOString(),
    lastCall: last ? { at: last.createdAt.toISOString(), operation: last.operation, isOk: last.status < 400 } : null,
    problem: findProblem(log.items, provider.name),
    checks: provider.expectations.map((item) => ({
      id: item.id,
      label: item.label,
      hint: item.hint,
      isMet: item.isMet(seen),
    })),
    users: {
      total: users.totalSize,
      items: users.items.toReversed().map((user) => ({
        id: user.id,
        name: user.displayName,
        userName: user.userName,
        isActive: user.isActive,
        groups: user.groups.map((group) => group.displayName),
        updatedAt: user.updatedAt.toISOString(),
      })),
    },
    groups: {
      total: groups.totalSize,
      items: groups.items.toReversed().map((group) => ({
        id: group.id,
        name: group.displayName,
        memberCount: group.memberCount,
        updatedAt: group.updatedAt.toISOString(),
      })),
    },
  };
}
