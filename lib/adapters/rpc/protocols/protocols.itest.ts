import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeManagementApi } from '../api';
import { listMethods, SERVICES, type ServiceName } from '../descriptors';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from '../services/testing';
import { type Line, runScenario } from './scenario/testing';
import { newConnectClient, newGrpcClient, newRestClient, type ProtocolClient } from './testing';

const PROTOCOLS = { grpc: newGrpcClient, connect: newConnectClient, rest: newRestClient } as const;

type Protocol = keyof typeof PROTOCOLS;

const lines = new Map<Protocol, readonly Line[]>();

/** The scenario over one protocol, on a database of its own. */
async function run(protocol: Protocol): Promise<readonly Line[]> {
  const api: TestApi = await startTestApi();
  let client: ProtocolClient | undefined;
  try {
    client = PROTOCOLS[protocol](api.origin, await api.fetchToken());
    return await runScenario(client.call, api.ctx);
  } finally {
    client?.close();
    await api.close();
  }
}

function linesOf(protocol: Protocol): readonly Line[] {
  return lines.get(protocol) ?? expect.fail(`${protocol} was not run.`);
}

describe('the same calls over gRPC, Connect and REST', () => {
  beforeAll(async () => {
    for (const protocol of Object.keys(PROTOCOLS) as Protocol[]) lines.set(protocol, await run(protocol));
  }, 300_000);

  afterAll(() => lines.clear());

  test.each(['connect', 'rest'] as const)('give the same answers and the same refusals: gRPC and %s', (other) => {
    const expected = linesOf('grpc');
    for (const [place, line] of linesOf(other).entries()) expect(line, line.call).toEqual(expected[place]);
    expect(linesOf(other)).toHaveLength(expected.length);
  });

  test('are all the calls that are built', () => {
    const { services } = describeManagementApi(PUBLIC_ORIGIN);
    const built = (Object.keys(services) as ServiceName[]).flatMap((name) =>
      listMethods(SERVICES[name])
        .filter(({ localName }) => Object.hasOwn(services[name] ?? {}, localName))
        .map(({ localName }) => `${name}.${localName}`),
    );
    const called = new Set(linesOf('grpc').map(({ call }) => call));
    expect(built.filter((name) => !called.has(name))).toEqual([]);
  });
});
