import { asDate } from '@/lib/db/handle';
import type { JsonObject } from '@/lib/scim/attribute';
import type { GroupRef, StoredGroup, StoredUser } from './types';

export interface UserRow {
  readonly id: string;
  readonly doc: JsonObject;
  readonly is_active: boolean;
  readonly version: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly groups: GroupRef[];
}

export interface GroupRow {
  readonly id: string;
  readonly doc: JsonObject;
  readonly version: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A person as their row tells it. */
export function userFromRow(row: UserRow): StoredUser {
  return {
    id: row.id,
    doc: row.doc,
    isActive: row.is_active,
    version: Number(row.version),
    createdAt: asDate(row.created_at),
    updatedAt: asDate(row.updated_at),
    groups: row.groups,
  };
}

/** A group as its row tells it. */
export function groupFromRow(row: GroupRow): StoredGroup {
  return {
    id: row.id,
    doc: row.doc,
    version: Number(row.version),
    createdAt: asDate(row.created_at),
    updatedAt: asDate(row.updated_at),
  };
}
