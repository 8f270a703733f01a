/**
 * What directories send, in the words of Okta (people) and Entra (members), and what an answer must say to count.
 *
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path below the directory's base
 * @property {string} [barePath] the same at the ceiling, where it is measured
 * @property {object} [body]
 * @property {(status: number, body: Answer) => boolean} isRight whether the answer is what a directory would go on with
 *
 * @typedef {Record<string, unknown> & {Resources?: {id: string, userName: string}[], members?: {value: string}[]}} Answer
 */

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** @param {string} name such as `ann-7`; one person's, nobody else's */
export function newPerson(name) {
  return {
    schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
    userName: `${name}@acme.example`,
    externalId: `${name}.00ujl29u0le5T6Aj10h7`,
    name: { givenName: 'Ann', familyName: 'Lee', formatted: 'Ann Lee' },
    displayName: 'Ann Lee',
    emails: [{ primary: true, value: `${name}@acme.example`, type: 'work' }],
    phoneNumbers: [{ value: '+1 555 0100', type: 'work' }],
    title: 'Engineer',
    locale: 'en-US',
    active: true,
    [ENTERPRISE_SCHEMA]: { employeeNumber: '701984', department: 'Research', costCenter: '4130' },
  };
}

/** @param {object} operation */
function patch(operation) {
  return { schemas: [PATCH_SCHEMA], Operations: [operation] };
}

/** @param {string} name @returns {Request} */
export function createPerson(name) {
  const body = newPerson(name);
  return {
    method: 'POST',
    path: '/Users',
    barePath: '/create',
    body,
    isRight: (status, answer) => status === 201 && Boolean(answer['id']) && answer['userName'] === body.userName,
  };
}

/**
 * Looks for a person; `id` is who must be found, undefined for nobody.
 * @param {'userName' | 'externalId'} attribute @param {string} name @param {string} [id] @returns {Request}
 */
export function lookUp(attribute, name, id) {
  const filter = encodeURIComponent(`${attribute} eq "${newPerson(name)[attribute]}"`);
  return {
    method: 'GET',
    path: `/Users?filter=${filter}&startIndex=1&count=100`,
    barePath: `/${attribute}/${name}`,
    isRight: (status, answer) =>
      status === 200 && answer['totalResults'] === (id ? 1 : 0) && answer.Resources?.[0]?.id === id,
  };
}

/** @param {string} id @param {string} title @returns {Request} */
export function changeTitle(id, title) {
  return {
    method: 'PATCH',
    path: `/Users/${id}`,
    barePath: `/patch/${id}`,
    body: patch({ op: 'Replace', path: 'title', value: title }),
    isRight: (status, answer) => status === 200 && answer['id'] === id && answer['title'] === title,
  };
}

/** @param {string} id @returns {Request} */
export function deactivate(id) {
  return {
    method: 'PATCH',
    path: `/Users/${id}`,
    barePath: `/deactivate/${id}`,
    body: patch({ op: 'replace', value: { active: false } }),
    isRight: (status, answer) => status === 200 && answer['id'] === id && answer['active'] === false,
  };
}

/** @param {string} id @returns {Request} */
export function removePerson(id) {
  return { method: 'DELETE', path: `/Users/${id}`, barePath: `/delete/${id}`, isRight: (status) => status === 204 };
}

/** @param {string} id @returns {Request} someone who must be gone */
export function readGone(id) {
  return { method: 'GET', path: `/Users/${id}`, isRight: (status) => status === 404 };
}

/** @param {string} name @returns {Request} */
export function createGroup(name) {
  return {
    method: 'POST',
    path: '/Groups',
    barePath: `/group/${name}`,
    body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: name },
    isRight: (status, answer) => status === 201 && Boolean(answer['id']),
  };
}

/** @param {string} group @param {readonly string[]} ids @returns {Request} */
export function addMembers(group, ids) {
  return {
    method: 'PATCH',
    path: `/Groups/${group}`,
    barePath: `/members/${group}`,
    body: patch({ op: 'Add', path: 'members', value: ids.map((value) => ({ value })) }),
    isRight: (status) => status === 204,
  };
}

/** @param {string} group @param {ReadonlySet<string>} members exactly these @returns {Request} */
export function readGroup(group, members) {
  return {
    method: 'GET',
    path: `/Groups/${group}`,
    isRight: (status, answer) =>
      status === 200 &&
      answer.members?.length === members.size &&
      answer.members.every(({ value }) => members.has(value)),
  };
}

/** @param {number} startIndex @param {number} count @param {number} total @returns {Request} */
export function readPage(startIndex, count, total) {
  return {
    method: 'GET',
    path: `/Users?startIndex=${startIndex}&count=${count}`,
    isRight: (status, answer) =>
      status === 200 &&
      answer['totalResults'] === total &&
      answer.Resources?.length === Math.max(0, Math.min(count, total - startIndex + 1)),
  };
}
