import {
  type DescMethodUnary,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { codeFromString } from '@connectrpc/connect/protocol-connect';
import { findTrailerError } from '@connectrpc/connect/protocol-grpc';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  type ErrorInfo,
  ErrorInfoSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { rpcPathOf } from '../descriptors';
import { httpRulesOf } from '../http-rules';
import { isObject } from '../json-request';

/** What a call answered, told the same way whatever the protocol. */
export type Outcome =
  { readonly answer: JsonValue } | { readonly code: number; readonly message: string; readonly info: JsonValue };

/** Calls one method with a request in protobuf's JSON, over one protocol. */
export type Call = (method: DescMethodUnary, request: JsonObject) => Promise<Outcome>;

/** A client of one protocol. */
export interface ProtocolClient {
  readonly call: Call;
  close(): void;
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;

function failed(code: number, message: string, info: ErrorInfo | undefined): Outcome {
  return { code, message, info: info ? toJson(ErrorInfoSchema, info) : null };
}

/** gRPC by `@grpc/grpc-js`, which knows nothing of this project. */
export function newGrpcClient(origin: string, token: string): ProtocolClient {
  const client = new Client(origin.slice('http://'.length), credentials.createInsecure());
  const call: Call = (method, request) =>
    new Promise((resolve) => {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      client.makeUnaryRequest(
        rpcPathOf(method),
        (value: JsonObject) => Buffer.from(toBinary(method.input, fromJson(method.input, value))),
        (bytes: Buffer) => toJson(method.output, fromBinary(method.output, bytes)),
        request,
        metadata,
        (error, answer) => {
          if (error) resolve(failed(error.code, error.details, errorInfoOf(error)));
          else resolve({ answer: answer ?? null });
        },
      );
    });
  return { call, close: () => client.close() };
}

/** The ErrorInfo in the `google.rpc.Status` of the trailers. */
export function errorInfoOf(error: ServiceError): ErrorInfo | undefined {
  const [status] = error.metadata.get('grpc-status-details-bin');
  const trailer = new Headers({
    'grpc-status': String(error.code),
    'grpc-status-details-bin': Buffer.from(status ?? '').toString('base64'),
  });
  return findTrailerError(trailer)?.findDetails(ErrorInfoSchema)[0];
}

/** The Connect protocol in JSON over HTTP/1.1. */
export function newConnectClient(origin: string, token: string): ProtocolClient {
  const call: Call = async (method, request) => {
    const response = await fetch(origin + rpcPathOf(method), {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
      body: JSON.stringify(request),
    });
    const json = (await response.json()) as JsonValue;
    if (response.ok) return { answer: toJson(method.output, fromJson(method.output, json)) };
    const { code, message, details } = json as { code: string; message: string; details: { value: string }[] };
    const [detail] = details;
    const info = detail && fromBinary(ErrorInfoSchema, Buffer.from(detail.value, 'base64'));
    return failed(codeFromString(code) ?? Code.Unknown, message, info);
  };
  return { call, close: () => undefined };
}

/** REST, by the HTTP rules of the contract. */
export function newRestClient(origin: string, token: string): ProtocolClient {
  const call: Call = async (method, request) => {
    const { verb, path, body } = writeRestRequest(method, request);
    const response = await fetch(origin + path, {
      method: verb,
      headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = (await response.json()) as JsonObject;
    if (response.ok) {
      dropSecondNames(json);
      return { answer: toJson(method.output, fromJson(method.output, json)) };
    }
    const { code, message, ...info } = json;
    return failed(Number(code), String(message), fromJson(ErrorInfoSchema, info));
  };
  return { call, close: () => undefined };
}

/** Links over REST say their end twice, which no parser of protobuf's JSON takes. */
function dropSecondNames(json: JsonObject): void {
  for (const link of [json['link'], json['links']].flat()) if (isObject(link)) delete link['expireTime'];
}

/**
 * The REST request that says `request`: by the first rule whose path it can fill, the rest in the body or the query as the rule has it.
 */
export function writeRestRequest(
  method: DescMethodUnary,
  request: JsonObject,
): { readonly verb: string; readonly path: string; readonly body: JsonValue | undefined } {
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(request)) {
    rest[method.input.fields.find(({ name, jsonName }) => name === key || jsonName === key)?.name ?? key] = value;
  }
  const namesOf = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const rules = httpRulesOf(method);
  const rule = rules.find(({ path }) => namesOf(path).every((name) => rest[name] !== undefined)) ?? rules[0];
  if (!rule) throw new Error(`${method.name} has no REST route.`);
  const path = rule.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value ?? '-'));
  });
  if (rule.body === '*') return { verb: rule.verb, path, body: rest };
  const body = rule.body === undefined ? undefined : rest[rule.body];
  if (rule.body !== undefined) delete rest[rule.body];
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  return { verb: rule.verb, path: query.size > 0 ? `${path}?${query}` : path, body };
}

const SECRET_KEYS =
  /^(plainSecret|secretSuffix|txtRecordSecret|txtRecordKey|requestId|pageToken|nextPageToken|prevPageToken)$/;
const ID = /\b([a-z]+)_\d{21}\b/g;
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `value` with ids numbered in the order in which they appear, and times, secrets and tokens by what they are. */
export function normalize(value: JsonValue, ids: Map<string, string>): JsonValue {
  if (typeof value === 'string') {
    if (TIME.test(value)) return '<time>';
    const named = value.replaceAll(ID, (id, prefix: string) => {
      const known = ids.get(id) ?? `<${prefix} ${ids.size + 1}>`;
      ids.set(id, known);
      return known;
    });
    return named.replaceAll(UUID, '<uuid>');
  }
  if (Array.isArray(value)) return value.map((item) => normalize(item, ids));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isHidden = SECRET_KEYS.test(key) && typeof item === 'string' && item !== '';
      return [normalize(key, ids) as string, isHidden ? `<${key}>` : normalize(item, ids)];
    }),
  );
}
