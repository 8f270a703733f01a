import type { Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { errorBody, invalidSyntax, invalidValue, ScimError } from './error';
import { readNumber } from './quirks';

export const BULK_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Most operations in one bulk request. */
export const MAX_BULK_OPERATIONS = 1_000;
/** Largest bulk request, in bytes. */
export const MAX_BULK_PAYLOAD_BYTES = 1_048_576;

const BULK_ID_PREFIX = 'bulkId:';

export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of a bulk request as read; `fault` is what makes it fail without being tried. */
export interface BulkOperation {
  readonly method: string;
  readonly bulkId?: string;
  readonly path: string;
  readonly version?: string;
  readonly data?: Json;
  readonly fault?: ScimError;
}

export interface BulkRequest {
  /** Stop after this many failed operations; undefined: carry out all (RFC 7644 §3.7). */
  readonly failOnErrors?: number;
  readonly operations: readonly BulkOperation[];
}

/** An operation that is ready to be carried out: its references are resolved. */
export interface BulkCall {
  readonly method: BulkMethod;
  /** As in the resource type: `/Users`. */
  readonly endpoint: string;
  /** Absent for POST. */
  readonly id?: string;
  /** What If-Match would say. */
  readonly version?: string;
  readonly data?: Json;
}

export interface BulkResult {
  /** HTTP status code. */
  readonly status: number;
  /** The id of the resource; needed for POST so that other operations can refer to it. */
  readonly id?: string;
  /** Absolute address of the resource; for everything but a POST that failed. */
  readonly location?: string;
  /** Entity tag. */
  readonly version?: string;
  readonly response?: JsonObject;
}

/**
 * Reads a BulkRequest (RFC 7644 §3.7). What is wrong with one operation becomes its `fault`; what is wrong with the
 * request as a whole is thrown.
 * @param endpoints the endpoints that operations may use, such as `/Users`
 * @throws ScimError invalidSyntax or invalidValue; 413 when there are too many operations
 */
export function readBulk(body: unknown, endpoints: readonly string[]): BulkRequest {
  if (!isJsonObject(body)) throw invalidSyntax('The body of a bulk request must be a JSON object with "Operations".');
  const members = lowerCased(body);
  const list = members.get('operations');
  if (!Array.isArray(list)) throw invalidSyntax('A bulk request needs "Operations", a list of operations.');
  if (list.length > MAX_BULK_OPERATIONS) {
    throw new ScimError(413, `A bulk request takes at most ${MAX_BULK_OPERATIONS} operations; send several.`);
  }
  const failOnErrors = readFailOnErrors(members.get('failonerrors'));
  const operations = list.map((item) => readOperation(item, endpoints));
  return {
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    operations: refuseRepeatedIds(operations),
  };
}

function lowerCased(object: JsonObject): Map<string, Json> {
  return new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}

function readFailOnErrors(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const count = readNumber(value);
  if (count === undefined || !Number.isInteger(count) || count < 0) {
    throw invalidValue('"failOnErrors" must be a whole number.');
  }
  return count === 0 ? undefined : count;
}

function readOperation(item: Json, endpoints: readonly string[]): BulkOperation {
  if (!isJsonObject(item)) throw invalidSyntax('Each operation of a bulk request must be an object.');
  const members = lowerCased(item);
  const text = (name: string): string | undefined => {
    const value = members.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const method = text('method')?.toUpperCase() ?? '';
  const bulkId = text('bulkid');
  const version = text('version');
  const path = text('path') ?? '';
  const data = members.get('data');
  const fault = findFault(method, bulkId, path, data, endpoints);
  return {
    method,
    ...(bulkId === undefined ? {} : { bulkId }),
    path,
    ...(version === undefined ? {} : { version }),
    ...(data === undefined ? {} : { data }),
    ...(fault === undefined ? {} : { fault }),
  };
}

function findFault(
  method: string,
  bulkId: string | undefined,
  path: string,
  data: Json | undefined,
  endpoints: readonly string[],
): ScimError | undefined {
  if (!isBulkMethod(method)) return invalidSyntax('"method" is POST, PUT, PATCH or DELETE.');
  const target = readTarget(path, endpoints);
  if (target === undefined) return invalidValue(`"path" starts with ${endpoints.join(' or ')}.`);
  if (method === 'POST') {
    if (bulkId === undefined || bulkId === '') return invalidSyntax('A POST in a bulk request needs a "bulkId".');
    if (target.id !== undefined) return invalidValue(`The "path" of a POST is ${target.endpoint}.`);
  } else if (target.id === undefined) {
    return invalidValue(`The "path" of a ${method} names a resource, such as ${target.endpoint}/id.`);
  }
  return method !== 'DELETE' && !isJsonObject(data) ? invalidSyntax(`A ${method} needs "data", an object.`) : undefined;
}

function isBulkMethod(method: string): method is BulkMethod {
  return method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
}

function readTarget(
  path: string,
  endpoints: readonly string[],
): { readonly endpoint: string; readonly id?: string } | undefined {
  const [name, id, ...rest] = path.replace(/^\/+/, '').replace(/\/+$/, '').split('/');
  const endpoint = endpoints.find((candidate) => candidate.slice(1).toLowerCase() === name?.toLowerCase());
  if (endpoint === undefined || rest.length > 0) return undefined;
  if (id === undefined) return { endpoint };
  try {
    return { endpoint, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}

/** A bulkId is unique in its request (RFC 7644 §3.7); the operations that repeat one fail. */
function refuseRepeatedIds(operations: readonly BulkOperation[]): BulkOperation[] {
  const seen = new Set<string>();
  return operations.map((operation) => {
    if (operation.method !== 'POST' || operation.bulkId === undefined) return operation;
    if (!seen.has(operation.bulkId)) {
      seen.add(operation.bulkId);
      return operation;
    }
    return { ...operation, fault: invalidSyntax(`The bulkId "${operation.bulkId}" is used twice.`) };
  });
}

/**
 * Carries out a bulk request and answers with a BulkResponse (RFC 7644 §3.7). Operations run in the order of the
 * request, except that one that is referred to by `bulkId:…` runs before the one that refers to it (§3.7.2). Resources
 * that refer to each other in a circle are created without those references first and completed by a PATCH. A reference
 * to an operation that failed fails with 409.
 * @param execute carries out one operation; a failure is a status of 400 or more, or a ScimError. Anything else that it
 * throws ends the whole request.
 * @param requestId named in the errors of operations that were not tried
 */
export async function executeBulk(
  request: BulkRequest,
  endpoints: readonly string[],
  execute: (call: BulkCall) => Promise<BulkResult>,
  requestId?: string,
): Promise<JsonObject> {
  const run = new BulkRun(request, endpoints, execute, requestId);
  return { schemas: [BULK_RESPONSE_SCHEMA], Operations: await run.all() };
}

class BulkRun {
  private readonly answers = new Map<number, JsonObject>();
  /** Position of the POST that a bulkId names. */
  private readonly positions = new Map<string, number>();
  private readonly createdIds = new Map<string, string>();
  private readonly running = new Set<number>();
  private postponed: Postponed[] = [];
  private errorCount = 0;

  constructor(
    private readonly request: BulkRequest,
    private readonly endpoints: readonly string[],
    private readonly execute: (call: BulkCall) => Promise<BulkResult>,
    private readonly requestId: string | undefined,
  ) {
    request.operations.forEach(({ method, bulkId }, position) => {
      if (method === 'POST' && bulkId !== undefined && !this.positions.has(bulkId))
        this.positions.set(bulkId, position);
    });
  }

  /** The answers in the order of the request; operations that were not tried have none. */
  async all(): Promise<JsonObject[]> {
    for (const position of this.request.operations.keys()) await this.runOne(position);
    this.failPostponed();
    return [...this.answers].sort(([left], [right]) => left - right).map(([, answer]) => answer);
  }

  private isStopped(): boolean {
    return this.request.failOnErrors !== undefined && this.errorCount >= this.request.failOnErrors;
  }

  private async runOne(position: number): Promise<void> {
    if (this.answers.has(position) || this.running.has(position)) return;
    const operation = this.request.operations[position]!;
    this.running.add(position);
    for (const bulkId of this.referencesOf(operation)) await this.runOne(this.positions.get(bulkId)!);
    if (!this.isStopped()) {
      await this.tryOne(position, operation);
      await this.completePostponed();
    }
    this.running.delete(position);
  }

  private async tryOne(position: number, operation: BulkOperation): Promise<void> {
    try {
      const result = await this.perform(position, operation);
      if (result.status >= 400) this.errorCount += 1;
      this.answers.set(position, answer(operation, result));
    } catch (error) {
      this.fail(position, error);
    }
  }

  private fail(position: number, error: unknown, location?: string): void {
    if (!(error instanceof ScimError)) throw error;
    this.errorCount += 1;
    const result = {
      status: error.status,
      response: errorBody(error, this.requestId),
      ...(location === undefined ? {} : { location }),
    };
    this.answers.set(position, answer(this.request.operations[position]!, result));
  }

  private async perform(position: number, operation: BulkOperation): Promise<BulkResult> {
    if (operation.fault !== undefined) throw operation.fault;
    const { method, bulkId, version } = operation;
    const target = readTarget(operation.path, this.endpoints)!;
    const deferred = this.membersToDefer(operation);
    const id = target.id === undefined ? undefined : this.resolveText(target.id);
    const data = operation.data === undefined ? undefined : this.resolve(withoutMembers(operation.data, deferred));
    const result = await this.execute({
      method: method as BulkMethod,
      endpoint: target.endpoint,
      ...(id === undefined ? {} : { id }),
      ...(version === undefined ? {} : { version }),
      ...(data === undefined || method === 'DELETE' ? {} : { data }),
    });
    if (method === 'POST' && bulkId !== undefined && result.status < 400 && result.id !== undefined) {
      this.createdIds.set(bulkId, result.id);
      if (deferred.length > 0) this.postponed.push({ position, endpoint: target.endpoint, result, names: deferred });
    }
    return result;
  }

  /** Top-level members of a POST that refer to an operation which waits for this one, or to this one itself. */
  private membersToDefer(operation: BulkOperation): string[] {
    if (operation.method !== 'POST' || !isJsonObject(operation.data)) return [];
    return Object.entries(operation.data)
      .filter(([, value]) => this.referencesIn(value).some((bulkId) => this.running.has(this.positions.get(bulkId)!)))
      .map(([name]) => name);
  }

  /** Adds the references that had to wait, as soon as what they refer to exists. */
  private async completePostponed(): Promise<void> {
    const postponed = this.postponed;
    this.postponed = [];
    for (const item of postponed) {
      const references = item.names.flatMap((name) => this.referencesIn(this.postponedValue(item, name)));
      if (references.some((bulkId) => !this.createdIds.has(bulkId))) this.postponed.push(item);
      else await this.complete(item);
    }
  }

  private async complete(item: Postponed): Promise<void> {
    const { position, endpoint, result, names } = item;
    const operations = names.map((name) => ({
      op: 'add',
      path: name,
      value: this.resolve(this.postponedValue(item, name)),
    }));
    try {
      const data = { schemas: [PATCH_SCHEMA], Operations: operations };
      const patched = await this.execute({ method: 'PATCH', endpoint, id: result.id!, data });
      if (patched.status >= 400) {
        this.errorCount += 1;
        const failed = { ...patched, ...(result.location === undefined ? {} : { location: result.location }) };
        this.answers.set(position, answer(this.request.operations[position]!, failed));
        return;
      }
      const version = patched.version ?? result.version;
      const response = patched.response ?? result.response;
      const merged = {
        ...result,
        ...(version === undefined ? {} : { version }),
        ...(response === undefined ? {} : { response }),
      };
      this.answers.set(position, answer(this.request.operations[position]!, merged));
    } catch (error) {
      this.fail(position, error, result.location);
    }
  }

  private postponedValue({ position }: Postponed, name: string): Json {
    const { data } = this.request.operations[position]!;
    return isJsonObject(data) ? (data[name] ?? null) : null;
  }

  /** Resources that exist without a reference that was asked for: never a success (RFC 7644 §3.7.1). */
  private failPostponed(): void {
    for (const { position, result, names } of this.postponed) {
      const detail = `The resource was created without ${names.join(' and ')}, which refers to an operation that failed.`;
      this.fail(position, new ScimError(409, detail), result.location);
    }
  }

  private referencesOf(operation: BulkOperation): string[] {
    const id = readTarget(operation.path, this.endpoints)?.id;
    return [...this.referencesIn(operation.data ?? null), ...(id === undefined ? [] : this.referencesIn(id))];
  }

  /** The bulkIds of this request that a value refers to. Other texts that look like references are just texts. */
  private referencesIn(value: Json): string[] {
    if (typeof value === 'string') {
      if (!value.startsWith(BULK_ID_PREFIX)) return [];
      const bulkId = value.slice(BULK_ID_PREFIX.length);
      return this.positions.has(bulkId) ? [bulkId] : [];
    }
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap((item: Json) => this.referencesIn(item));
  }

  private resolve(value: Json): Json {
    if (typeof value === 'string') return this.resolveText(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.resolve(item)]));
  }

  private resolveText(text: string): string {
    const bulkId = this.referencesIn(text)[0];
    if (bulkId === undefined) return text;
    const id = this.createdIds.get(bulkId);
    if (id === undefined) throw new ScimError(409, `The operation with bulkId "${bulkId}" did not create a resource.`);
    return id;
  }
}

/** A resource that was created without some of its members, because what they refer to did not exist yet. */
interface Postponed {
  readonly position: number;
  readonly endpoint: string;
  readonly result: BulkResult;
  readonly names: readonly string[];
}

function withoutMembers(data: Json, names: readonly string[]): Json {
  if (names.length === 0 || !isJsonObject(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
}

function answer(operation: BulkOperation, result: BulkResult): JsonObject {
  return {
    method: operation.method,
    ...(operation.bulkId === undefined ? {} : { bulkId: operation.bulkId }),
    ...(result.version === undefined ? {} : { version: result.version }),
    ...(result.location === undefined ? {} : { location: result.location }),
    status: String(result.status),
    ...(result.response === undefined ? {} : { response: result.response }),
  };
}
