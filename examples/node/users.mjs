import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * A person, as this application knows them.
 * @typedef {object} User
 * @property {string} id `diruser_…`
 * @property {string} organizationId
 * @property {string} email
 * @property {string} name
 * @property {readonly string[]} roles
 * @property {readonly string[]} groups
 * @property {'active' | 'deactivated' | 'deleted' | 'directory_deleted'} state
 * @property {number} version the event that this is from; a lower one is older
 * @property {string | undefined} previousId the id of the same account before it was deleted and made again
 * @property {string} updatedAt RFC 3339
 */

/**
 * A webhook's body: https://your-gatehouse/dashboard/developers/api-reference/webhooks
 * @typedef {object} Event
 * @property {string} id `evt_…`, the same each time the event is delivered
 * @property {string} type
 * @property {string} [organization_id]
 * @property {string} occurred_at
 * @property {number} version counts the changes of the person
 * @property {boolean} [out_of_order] that it went ahead of an earlier one, which may still come
 * @property {Record<string, unknown>} data
 */

/** @typedef {'applied' | 'duplicate' | 'outdated' | 'ignored'} Outcome */

/** @typedef {{ users: User[], seen: string[], goneOrganizations: string[] }} Saved */

/** Ids that are remembered. Deliveries are repeated for a day; versions guard what is older than this. */
const SEEN_MAX = 10_000;

const USER_CREATED = 'organization.directory.user_created';
const USER_UPDATED = 'organization.directory.user_updated';
const USER_DELETED = 'organization.directory.user_deleted';
const ORGANIZATION_DELETED = 'organization.deleted';

/** The users of this application. A real one has a database: what matters is in `apply`. */
export class UserTable {
  /** @type {Map<string, User>} */
  #users = new Map();
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {Set<string>} */
  #goneOrganizations = new Set();
  /** @type {string | undefined} */
  #file;

  /** @param {string} [file] where the table is kept; in memory only if there is none */
  constructor(file) {
    this.#file = file;
    const saved = file === undefined ? undefined : readSaved(file);
    for (const user of saved?.users ?? []) this.#users.set(user.id, user);
    this.#seen = new Set(saved?.seen);
    this.#goneOrganizations = new Set(saved?.goneOrganizations);
  }

  /**
   * Everyone of an organization, those who left too, by name.
   * @param {string} organizationId
   * @returns {User[]}
   */
  list(organizationId) {
    return [...this.#users.values()]
      .filter((user) => user.organizationId === organizationId)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * Brings the table up to date with an event. Any event may come twice, and in any order: the same events always end in the same table.
   * @param {Event} event
   * @returns {Outcome}
   */
  apply(event) {
    if (this.#seen.has(event.id)) return 'duplicate';
    const outcome = this.#change(event);
    this.#seen.add(event.id);
    for (const id of this.#seen) {
      if (this.#seen.size <= SEEN_MAX) break;
      this.#seen.delete(id);
    }
    this.#save();
    return outcome;
  }

  /**
   * @param {Event} event
   * @returns {Outcome}
   */
  #change(event) {
    const organizationId = event.organization_id ?? '';
    if (event.type === ORGANIZATION_DELETED) {
      for (const user of this.list(organizationId)) this.#users.delete(user.id);
      this.#goneOrganizations.add(organizationId);
      return 'applied';
    }
    if (![USER_CREATED, USER_UPDATED, USER_DELETED].includes(event.type)) return 'ignored';
    // There is no row left that a late event could be older than.
    if (this.#goneOrganizations.has(organizationId)) return 'outdated';
    const id = String(event.data['id']);
    const known = this.#users.get(id);
    // Also where it is marked out_of_order: what it overtook has a lower version, and is left out when it comes.
    if (known && known.version >= event.version) return 'outdated';
    this.#users.set(id, event.type === USER_DELETED ? leave(event, known) : arrive(event, known));
    return 'applied';
  }

  #save() {
    if (this.#file === undefined) return;
    /** @type {Saved} */
    const saved = {
      users: [...this.#users.values()],
      seen: [...this.#seen],
      goneOrganizations: [...this.#goneOrganizations],
    };
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/**
 * Someone who is here. Directories with the policy "update" say with `active` that a person may not sign in.
 * @param {Event} event
 * @param {User | undefined} known
 * @returns {User}
 */
function arrive({ data, organization_id, version, occurred_at }, known) {
  return {
    id: String(data['id']),
    organizationId: organization_id ?? '',
    email: text(data['email']),
    name: text(data['name']) || [text(data['given_name']), text(data['family_name'])].join(' ').trim(),
    roles: names(data['roles'], 'role_name'),
    groups: names(data['groups'], 'name'),
    state: data['active'] === false ? 'deactivated' : 'active',
    version,
    // A new account under an old external id. It is someone else until you decide otherwise: nothing is taken over here.
    previousId: text(data['previous_id']) || known?.previousId,
    updatedAt: occurred_at,
  };
}

/**
 * Someone who left. The row stays, so that an older event that comes late cannot bring them back.
 * @param {Event} event
 * @param {User | undefined} known
 * @returns {User}
 */
function leave(event, known) {
  const reason = text(event.data['reason']);
  const state = reason === 'deactivated' || reason === 'directory_deleted' ? reason : 'deleted';
  const before = known ?? arrive(event, undefined);
  return { ...before, roles: [], state, version: event.version, updatedAt: event.occurred_at };
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}

/**
 * @param {unknown} value a list of objects
 * @param {string} key
 */
function names(value, key) {
  if (!Array.isArray(value)) return [];
  return value.map((/** @type {Record<string, unknown>} */ item) => text(item[key]));
}

/**
 * @param {string} file
 * @returns {Saved | undefined}
 */
function readSaved(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
