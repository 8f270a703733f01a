import { isJsonObject, type Json, type JsonObject, toList } from '@/lib/scim/attribute';
import type { Step } from './replay';

/** A habit of directories on which servers break, and by which requests each part of it can be told. */
export interface Habit {
  readonly what: string;
  readonly parts: Readonly<Record<string, (step: Step) => boolean>>;
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function bodyOf(step: Step): JsonObject {
  return isJsonObject(step.request.body) ? step.request.body : {};
}

function operationsOf(step: Step): JsonObject[] {
  return step.request.method === 'PATCH' ? toList(bodyOf(step)['Operations']).filter(isJsonObject) : [];
}

const hasOperation =
  (matches: (operation: JsonObject, path: string, value: Json | undefined) => boolean) => (step: Step) =>
    operationsOf(step).some((operation) => matches(operation, String(operation['path'] ?? ''), operation['value']));

const isManagerPath = (path: string) => path === 'manager' || path === `${ENTERPRISE}:manager`;

/** Whether two operations fill parts of one element that a filter on its type names. */
function fillsOneElement(step: Step): boolean {
  const elements = operationsOf(step).map(
    (operation) => /^\w+\[type eq "work"\](?=\.)/.exec(String(operation['path']))?.[0],
  );
  return elements.some((element, index) => element !== undefined && elements.indexOf(element) !== index);
}

const isOn = (step: Step, method: string, path: string) =>
  step.request.method === method && step.request.path.startsWith(path);
const query = (step: Step) => decodeURIComponent((step.request.query ?? '').replaceAll('+', ' '));
const results = (step: Step) => toList(step.response.body?.['Resources']).filter(isJsonObject);

/** The twenty, by number. */
export const TWENTY: readonly Habit[] = [
  {
    what: 'operations are spelt Add, Replace and Remove',
    parts: Object.fromEntries(
      ['Add', 'Replace', 'Remove'].map((name) => [name, hasOperation(({ op }) => op === name)]),
    ),
  },
  {
    what: 'booleans are texts',
    parts: {
      'in a PATCH with a path': hasOperation((_, path, value) => path === 'active' && value === 'False'),
      'in a PATCH without a path': hasOperation(
        (_, path, value) => path === '' && isJsonObject(value) && value['active'] === 'false',
      ),
      'in a POST': (step) => step.request.method === 'POST' && bodyOf(step)['active'] === 'False',
    },
  },
  {
    what: 'members to remove are named in the value',
    parts: {
      'some of them': hasOperation(
        ({ op }, path, value) => op === 'Remove' && path === 'members' && Array.isArray(value),
      ),
      'no value: all of them': hasOperation(
        ({ op }, path, value) => op === 'Remove' && path === 'members' && value === undefined,
      ),
    },
  },
  {
    what: 'single values come packed under paths',
    parts: {
      dotted: hasOperation(
        (_, path, value) => path === '' && isJsonObject(value) && Object.hasOwn(value, 'name.givenName'),
      ),
      qualified: hasOperation(
        (_, path, value) => path === '' && isJsonObject(value) && Object.hasOwn(value, `${ENTERPRISE}:employeeNumber`),
      ),
    },
  },
  {
    what: 'an element is made by the filter that looks for it',
    parts: {
      'the work address of somebody without one': hasOperation((_, path) => path === 'emails[type eq "work"].value'),
      'two operations fill one element': fillsOneElement,
    },
  },
  {
    what: 'the manager has three shapes',
    parts: {
      text: hasOperation((_, path, value) => isManagerPath(path) && typeof value === 'string' && value !== ''),
      object: hasOperation((_, path, value) => isManagerPath(path) && isJsonObject(value)),
      'list of one': hasOperation((_, path, value) => path === 'manager' && Array.isArray(value)),
    },
  },
  {
    what: 'the dot in a URN is no separator',
    parts: { 'a qualified path': hasOperation((_, path) => path === `${ENTERPRISE}:department`) },
  },
  {
    what: 'a group is renamed without a path, with its id, and keeps its members',
    parts: {
      rename: hasOperation(
        (_, path, value) => path === '' && isJsonObject(value) && 'id' in value && 'displayName' in value,
      ),
    },
  },
  {
    what: 'one kind of Okta app replaces everything, the other patches what it can',
    parts: {
      'deactivation by PUT': (step) =>
        isOn(step, 'PUT', '/Users/') && step.request.over !== undefined && bodyOf(step)['active'] === false,
      'deactivation by PATCH': hasOperation(
        (_, path, value) => path === '' && isJsonObject(value) && value['active'] === false,
      ),
      'members by PUT': (step) => isOn(step, 'PUT', '/Groups/') && Array.isArray(bodyOf(step)['members']),
    },
  },
  {
    what: 'the deactivated are looked up, and come back',
    parts: {
      'found while inactive': (step) =>
        query(step).includes('userName eq') && results(step).some((user) => user['active'] === false),
      'read while inactive': (step) => isOn(step, 'GET', '/Users/') && step.response.body?.['active'] === false,
    },
  },
  {
    what: 'user names are compared without regard to case',
    parts: {
      lookup: (step) => /userName eq ".*[A-Z]{2}/.test(query(step)) && results(step).length === 1,
      uniqueness: (step) =>
        isOn(step, 'POST', '/Users') &&
        /[A-Z]{2}/.test(String(bodyOf(step)['userName'])) &&
        step.response.status === 409,
    },
  },
  {
    what: 'nobody found is a success with an empty list',
    parts: {
      'a random user': (step) =>
        step.request.path === '/Users' && query(step).includes('filter=') && step.response.body?.['totalResults'] === 0,
      'a random group': (step) =>
        step.request.path === '/Groups' &&
        query(step).includes('filter=') &&
        step.response.body?.['totalResults'] === 0,
    },
  },
  {
    what: 'groups are read without members and changed without an answer',
    parts: {
      'excluded in a list': (step) =>
        step.request.path === '/Groups' && query(step).includes('excludedAttributes=members'),
      'excluded in a read': (step) =>
        isOn(step, 'GET', '/Groups/') && query(step).includes('excludedAttributes=members'),
      '204': (step) => isOn(step, 'PATCH', '/Groups/') && step.response.status === 204,
    },
  },
  {
    what: 'groups are matched on their name, which is unique',
    parts: {
      lookup: (step) => query(step).includes('displayName eq') && results(step).length === 1,
      uniqueness: (step) => isOn(step, 'POST', '/Groups') && step.response.status === 409,
    },
  },
  {
    what: 'a placeholder password and an empty list of groups come with a creation',
    parts: { both: (step) => step.request.method === 'POST' && 'password' in bodyOf(step) && 'groups' in bodyOf(step) },
  },
  {
    what: 'a filter that means nothing must not mean everybody',
    parts: {
      unknown: (step) => query(step).includes('badge eq') && step.response.body?.['scimType'] === 'invalidFilter',
      broken: (step) => query(step).endsWith('userName eq ') && step.response.body?.['scimType'] === 'invalidFilter',
    },
  },
  {
    what: 'a body is a template that an admin wrote',
    parts: {
      'null for the id': (step) => step.request.method === 'POST' && bodyOf(step)['id'] === null,
      'a text for active': (step) => bodyOf(step)['active'] === 'true',
      managerId: (step) => JSON.stringify(step.request.body ?? null).includes('"managerId"'),
      'schemas of the drafts': (step) => toList(bodyOf(step)['schemas']).includes('urn:scim:schemas:core:2.0'),
    },
  },
  {
    what: 'a creation is sent again after a time-out',
    parts: {
      'a user': (step) => isOn(step, 'POST', '/Users') && step.again?.status === 409,
      'a group': (step) => isOn(step, 'POST', '/Groups') && step.again?.status === 409,
    },
  },
  {
    what: 'a group comes with a schema of another product',
    parts: { ADSCIM: (step) => JSON.stringify(step.request.body ?? null).includes('/ADSCIM/2.0/Group') },
  },
  {
    what: 'members come and go out of step',
    parts: {
      'an unknown one is added': (step) => isOn(step, 'PATCH', '/Groups/') && step.response.status === 400,
      'a present one is added': (step) =>
        step.repeat === true && hasOperation(({ op }, path) => /^add$/i.test(String(op)) && path === 'members')(step),
      'an absent one is removed': (step) =>
        step.repeat === true &&
        hasOperation(({ op }, path) => /^remove$/i.test(String(op)) && path.startsWith('members'))(step),
    },
  },
];
