import { measureApi } from './api.mjs';
import { measureEvents, proveDeliveries } from './events.mjs';
import { Client, forEach } from './load.mjs';
import { addMembers, changeTitle, createGroup, createPerson, deactivate, lookUp } from './requests.mjs';
import { readGone, readGroup, readPage, removePerson } from './requests.mjs';
import { compare } from './rounds.mjs';
import { copyPeople, createDirectory, switchBreakerOff } from './targets.mjs';

/**
 * What is measured. Each scenario returns rows of the table and, where there is one, its goal.
 *
 * @typedef {import('./rounds.mjs').Comparison} Comparison
 * @typedef {import('./rounds.mjs').Stats} Stats
 * @typedef {import('./targets.mjs').RunningTarget} RunningTarget
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {Stats} stats
 * @property {Stats} [ceiling]
 * @property {number} [ratio] to the ceiling
 *
 * @typedef {object} Goal
 * @property {string} text
 * @property {number} value
 * @property {'at least' | 'at most'} kind
 * @property {number} bound
 *
 * @typedef {{rows: Row[], goals: Goal[]}} Result
 *
 * @typedef {{name: string, id: string}} Person
 *
 * @typedef {object} Bench one engine under measurement
 * @property {RunningTarget} server
 * @property {RunningTarget} ceiling
 * @property {string | undefined} databaseUrl of the server; undefined for the embedded database
 * @property {string | undefined} ceilingDatabaseUrl
 * @property {Side} service
 * @property {Side} bare
 * @property {number} rounds
 * @property {boolean} isFull
 */

/** Requests that a directory has under way at once while it imports. */
const AT_ONCE = 8;
const DIRECTORIES = 32;
const PAGE_SIZE = 100;
/** People or requests in one slot. */
const SLOT = { import: 400, lookUp: 2000, patch: 300, deactivate: 200, remove: 200, hundred: 10, page: 10 };
const MEMBER_SLOT = 100;
/** Members in one PATCH where a group is only filled. */
const FILL_BATCH = 1000;

let names = 0;
/** A name that nobody had. */
function newName() {
  names += 1;
  return `ann-${names}`;
}

/** @param {number} count */
function newNames(count) {
  return Array.from({ length: count }, newName);
}

/** One directory of the service, or the ceiling, and who is in it. */
export class Side {
  /** @type {Person[]} */
  people = [];

  /** @param {string} name of its lanes @param {Client} client */
  constructor(name, client) {
    this.name = name;
    this.client = client;
  }

  /** Looks for each and creates them, as a directory imports. @param {readonly string[]} names @param {number} [atOnce] */
  async import(names, atOnce = AT_ONCE) {
    await forEach(names, atOnce, async (name) => {
      await this.client.send(lookUp('userName', name));
      const { id } = await this.client.send(createPerson(name));
      this.people.push({ name, id: String(id) });
    });
  }

  /** So many people, created where they are missing. @param {number} count */
  async take(count) {
    if (this.people.length < count) await this.import(newNames(count - this.people.length));
    return this.people.slice(0, count);
  }

  /** A new group. @param {readonly string[]} [members] */
  async newGroup(members = []) {
    const { id } = await this.client.send(createGroup(newName()));
    const group = String(id);
    for (let at = 0; at < members.length; at += FILL_BATCH) {
      await this.client.send(addMembers(group, members.slice(at, at + FILL_BATCH)));
    }
    return group;
  }
}

/** @param {Bench} bench @returns {Promise<Side>} a side in a directory of its own */
async function newSide(bench, name = 'service') {
  return new Side(name, new Client(bench.server, await createDirectory(bench.server)));
}

/** @param {Bench} bench @param {(side: Side) => Omit<import('./rounds.mjs').Lane, 'name' | 'clients'>} describe */
function lanesOf({ service, bare }, describe) {
  return [service, bare].map((side) => ({ name: side.name, clients: [side.client], ...describe(side) }));
}

/** @param {string} name @param {Comparison} compared @returns {Row} the service beside the ceiling */
function toRow(name, compared) {
  return {
    name,
    stats: compared.stats('service'),
    ceiling: compared.stats('ceiling'),
    ratio: compared.ratio('service', 'ceiling'),
  };
}

/** @param {Bench} bench @returns {import('./rounds.mjs').Lane} an import beside which others are measured */
function importLane({ service }) {
  return {
    name: 'import',
    clients: [service.client],
    work: () => service.import(newNames(SLOT.import / 2)),
  };
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measureImport(bench) {
  const lanes = lanesOf(bench, (side) => ({ work: () => side.import(newNames(SLOT.import)) }));
  const row = toRow('initial import, 8 at a time', await compare(bench.rounds, lanes));
  return { rows: [row], goals: [atLeast('initial import, of the ceiling', row.ratio, 0.6)] };
}

/** @param {Bench} bench @param {'userName' | 'externalId'} attribute @returns {Promise<Result>} */
async function measureLookUp(bench, attribute) {
  for (const side of [bench.service, bench.bare]) await side.take(SLOT.lookUp);
  const lanes = lanesOf(bench, (side) => ({
    work: () =>
      forEach(side.people.slice(0, SLOT.lookUp), AT_ONCE, ({ name, id }) =>
        side.client.send(lookUp(attribute, name, id)),
      ),
  }));
  const row = toRow(`look-up by ${attribute}`, await compare(bench.rounds, lanes));
  return { rows: [row], goals: [atLeast(`look-up by ${attribute}, of the ceiling`, row.ratio, 0.6)] };
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measurePatch(bench) {
  const lanes = lanesOf(bench, (side) => ({
    prepare: () => side.take(SLOT.patch),
    work: (round) =>
      forEach(side.people.slice(0, SLOT.patch), AT_ONCE, ({ id }) =>
        side.client.send(changeTitle(id, `Title ${round}`)),
      ),
  }));
  return conclude('profile PATCH', await compare(bench.rounds, [...lanes, importLane(bench)]));
}

/** So that removals are told, not held. On the embedded database, which only its server can reach, they are held. @param {Bench} bench */
async function allowRemovals({ databaseUrl, ceilingDatabaseUrl, service }) {
  if (databaseUrl === undefined || ceilingDatabaseUrl === undefined) return;
  await switchBreakerOff(databaseUrl, service.client.directory.id);
  await switchBreakerOff(ceilingDatabaseUrl, 'dir_bench');
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measureDeactivate(bench) {
  await allowRemovals(bench);
  const lanes = lanesOf(bench, (side) => {
    /** @type {Person[]} */
    let leavers = [];
    return {
      async prepare() {
        await side.take(SLOT.deactivate);
        leavers = side.people.splice(0, SLOT.deactivate);
      },
      work: () => forEach(leavers, AT_ONCE, ({ id }) => side.client.send(deactivate(id))),
    };
  });
  return conclude('deactivate', await compare(bench.rounds, [...lanes, importLane(bench)]));
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measureRemove(bench) {
  await allowRemovals(bench);
  /** @type {Person[]} */
  const gone = [];
  const lanes = lanesOf(bench, (side) => {
    /** @type {Person[]} */
    let leavers = [];
    return {
      async prepare() {
        await side.take(SLOT.remove);
        leavers = side.people.splice(0, SLOT.remove);
        if (side === bench.service) gone.push(...leavers);
      },
      work: () => forEach(leavers, AT_ONCE, ({ id }) => side.client.send(removePerson(id))),
    };
  });
  const compared = await compare(bench.rounds, [...lanes, importLane(bench)]);
  await forEach(gone, AT_ONCE, ({ id }) => bench.service.client.send(readGone(id)));
  return conclude('delete', compared);
}

/** @param {string} name @param {Comparison} compared @returns {Result} */
function conclude(name, compared) {
  const goal = atLeast(`${name}, of the import’s requests/s`, compared.ratio('service', 'import'), 0.5);
  return { rows: [toRow(name, compared)], goals: [goal] };
}

/**
 * People of a side: where there is a server, copied into its database, since it is not them that is measured.
 * @param {Side} side @param {string | undefined} databaseUrl @param {string} directoryId @param {number} count
 * @returns {Promise<string[]>} ids
 */
async function fillDirectory(side, databaseUrl, directoryId, count) {
  if (databaseUrl === undefined) return (await side.take(count)).map(({ id }) => id);
  const name = newName();
  await side.import([name]);
  const { id } = /** @type {Person} */ (side.people.pop());
  return [id, ...(await copyPeople(databaseUrl, { directoryId, id, name }, count - 1))];
}

/** Adds one member at a time to an empty group and to one that is nine tenths full. @param {Bench} bench @param {number} size @returns {Promise<Result>} */
async function measureGrowth(bench, size) {
  const side = await newSide(bench);
  const ids = await fillDirectory(side, bench.databaseUrl, side.client.directory.id, size);
  // What is left to join, divided among the rounds.
  const slot = Math.min(MEMBER_SLOT, Math.floor(size / 10 / (bench.rounds + 1)));
  const bareIds = await fillDirectory(bench.bare, bench.ceilingDatabaseUrl, 'dir_bench', slot * (bench.rounds + 1));
  const before = ids.slice(0, size * 0.9);
  const small = await side.newGroup();
  const large = await side.newGroup(before);
  const bare = await bench.bare.newGroup();
  /** @param {string} name @param {Side} at @param {string} group @param {readonly string[]} people @returns {import('./rounds.mjs').Lane} */
  const lane = (name, at, group, people) => ({
    name,
    clients: [at.client],
    work: (round) =>
      forEach(people.slice(round * slot, (round + 1) * slot), 1, (id) => at.client.send(addMembers(group, [id]))),
  });
  const joining = ids.slice(size * 0.9);
  const compared = await compare(bench.rounds, [
    lane('service', side, small, joining),
    lane('last', side, large, joining),
    lane('ceiling', bench.bare, bare, bareIds),
  ]);
  const added = slot * (bench.rounds + 1);
  await side.client.send(readGroup(small, new Set(joining.slice(0, added))));
  await side.client.send(readGroup(large, new Set([...before, ...joining.slice(0, added)])));
  side.client.close();
  const text = `add 1 member up to ${size.toLocaleString('en')}, last tenth over first`;
  return {
    rows: [
      toRow('add 1 member to an empty group', compared),
      { name: `add 1 member to ${before.length.toLocaleString('en')}`, stats: compared.stats('last') },
    ],
    goals: [atMost(text, compared.ratio('service', 'last'), size > 10_000 ? 1.5 : 1.3)],
  };
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measureHundred(bench) {
  const people = bench.databaseUrl === undefined ? 500 : 2000;
  const side = await newSide(bench);
  const ids = await fillDirectory(side, bench.databaseUrl, side.client.directory.id, people);
  const bareIds = await fillDirectory(bench.bare, bench.ceilingDatabaseUrl, 'dir_bench', people);
  /** @param {string} name @param {Side} at @param {readonly string[]} from @param {number} count @returns {import('./rounds.mjs').Lane} */
  const lane = (name, at, from, count) => {
    let group = '';
    return {
      name,
      clients: [at.client],
      async prepare() {
        group = await at.newGroup();
      },
      work: () =>
        forEach(
          Array.from({ length: Math.min(SLOT.hundred, from.length / count) }, (_, n) => n * count),
          1,
          (start) => at.client.send(addMembers(group, from.slice(start, start + count))),
        ),
    };
  };
  const compared = await compare(bench.rounds, [
    lane('one', side, ids, 1),
    lane('service', side, ids, 100),
    lane('ceiling', bench.bare, bareIds, 100),
  ]);
  side.client.close();
  return {
    rows: [toRow('add 100 members', compared)],
    goals: [atMost('PATCH of 100 members, in PATCHes of 1', compared.ratio('one', 'service'), 4)],
  };
}

/** @param {Bench} bench @param {number} total @returns {Promise<Result>} */
async function measurePages(bench, total) {
  const side = await newSide(bench);
  await fillDirectory(side, bench.databaseUrl, side.client.directory.id, total);
  const places = { first: 1, middle: total / 2 + 1, last: total - PAGE_SIZE + 1 };
  const lanes = Object.entries(places).map(([name, startIndex]) => ({
    name,
    clients: [side.client],
    work: () =>
      forEach(Array.from({ length: SLOT.page }), 1, () => side.client.send(readPage(startIndex, PAGE_SIZE, total))),
  }));
  const compared = await compare(bench.rounds, lanes);
  side.client.close();
  const of = total.toLocaleString('en');
  return {
    rows: lanes.map(({ name }) => ({ name: `${name} page of ${of} people`, stats: compared.stats(name) })),
    goals: [atMost(`last page of ${of}, in first pages`, compared.ratio('first', 'last'), 1.5)],
  };
}

/** @param {Bench} bench @returns {Promise<Result>} */
async function measureDirectories(bench) {
  const one = await newSide(bench);
  const many = await Promise.all(Array.from({ length: DIRECTORIES }, () => newSide(bench)));
  const each = Math.ceil(SLOT.import / DIRECTORIES);
  const compared = await compare(bench.rounds, [
    { name: 'one', clients: [one.client], work: () => one.import(newNames(each * DIRECTORIES), DIRECTORIES) },
    {
      name: 'many',
      clients: many.map(({ client }) => client),
      work: () => Promise.all(many.map((side) => side.import(newNames(each), 1))),
    },
  ]);
  for (const { client, people } of many) {
    const expected = new Set(people.map(({ id }) => id));
    const { Resources = [] } = await client.send(readPage(1, PAGE_SIZE, people.length));
    if (!Resources.every(({ id }) => expected.has(id))) throw new Error('A directory shows people of another one.');
    client.close();
  }
  one.client.close();
  return {
    rows: [
      { name: 'import, 32 at a time, 1 directory', stats: compared.stats('one') },
      { name: 'import, 32 directories at once', stats: compared.stats('many') },
    ],
    goals: [atLeast('32 directories at once, of one directory’s rate', compared.ratio('many', 'one'), 0.8)],
  };
}

/** @param {string} text @param {number | undefined} value @param {number} bound @returns {Goal} */
export function atLeast(text, value, bound) {
  return { text, value: value ?? 0, kind: 'at least', bound };
}

/** @param {string} text @param {number} value @param {number} bound @returns {Goal} */
export function atMost(text, value, bound) {
  return { text, value, kind: 'at most', bound };
}

/** Sizes for the embedded database are small: its people can be made over HTTP only. @param {Bench} bench @param {number} size */
function scaled({ databaseUrl }, size) {
  return databaseUrl === undefined ? size / 10 : size;
}

/** @type {Record<string, (bench: Bench) => Promise<Result>>} */
export const SCENARIOS = {
  import: measureImport,
  'look-up': async (bench) => merge([await measureLookUp(bench, 'userName'), await measureLookUp(bench, 'externalId')]),
  patch: measurePatch,
  deactivate: measureDeactivate,
  delete: measureRemove,
  members: async (bench) => merge([await measureGrowth(bench, scaled(bench, 10_000)), await measureHundred(bench)]),
  directories: measureDirectories,
  pages: (bench) => measurePages(bench, bench.databaseUrl === undefined ? 2000 : 100_000),
  api: measureApi,
  events: measureEvents,
};

/** What is run only when it is named. @type {typeof SCENARIOS} */
export const ON_DEMAND = { deliveries: proveDeliveries };

/** @param {readonly Result[]} results @returns {Result} */
function merge(results) {
  return { rows: results.flatMap(({ rows }) => rows), goals: results.flatMap(({ goals }) => goals) };
}

/** Requests of each kind after which the code that answers them has been compiled. */
const WARM_UP = 300;

/** Lets both processes run warm before anything is measured. @param {Bench} bench */
export async function warmUp({ service, bare }) {
  for (const side of [service, bare]) {
    const people = await side.take(WARM_UP);
    await forEach(people, AT_ONCE, ({ name, id }) => side.client.send(lookUp('userName', name, id)));
    await forEach(people, AT_ONCE, ({ id }) => side.client.send(changeTitle(id, 'Warm')));
  }
}

/**
 * The full form: people imported over HTTP, one group of all of them, and the exact end state; then the growth of a group as large.
 * @param {Bench} bench @param {number} size @returns {Promise<Result>}
 */
export async function measureLargeDirectory(bench, size) {
  const side = await newSide(bench);
  await side.import(newNames(size));
  const ids = side.people.map(({ id }) => id);
  const group = await side.newGroup(ids);
  await side.client.send(readGroup(group, new Set(ids)));
  const seen = new Set();
  for (let start = 1; start <= size; start += PAGE_SIZE) {
    const { Resources = [] } = await side.client.send(readPage(start, PAGE_SIZE, size));
    for (const { id } of Resources) seen.add(id);
  }
  if (seen.size !== size || ids.some((id) => !seen.has(id)))
    throw new Error('The pages do not show everyone exactly once.');
  side.client.close();
  return measureGrowth(bench, size);
}
