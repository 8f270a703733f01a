import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { API_PEOPLE, PAGE_SIZE } from './api-sizes.mjs';
import { Client, forEach } from './load.mjs';
import { createPerson } from './requests.mjs';
import { compare } from './rounds.mjs';
import { createDirectory, fetchToken, startApiCeiling } from './targets.mjs';

/**
 * The management API over gRPC beside two bare handlers.
 * @typedef {import('./scenarios.mjs').Bench} Bench
 * @typedef {import('./scenarios.mjs').Result} Result
 * @typedef {{organizationId: string, directoryId: string}} Subject
 */

const CALLS_AT_ONCE = 8;
const SLOT = { links: 800, users: 300 };
const GOAL = 0.5;

/** Calls one process over gRPC, on connections that stay open. */
class ApiClient {
  /** @type {number[]} */
  #latenciesMs = [];

  /** @param {import('./load.mjs').Target} target @param {string} token @param {Subject} subject */
  constructor(target, token, { organizationId, directoryId }) {
    this.target = target;
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${target.port}` });
    const organizations = createClient(OrganizationService, transport);
    const directories = createClient(DirectoryService, transport);
    const options = { headers: { authorization: `Bearer ${token}` } };
    this.calls = {
      links: async () => {
        const { link } = await organizations.generatePortalLink({ id: organizationId }, options);
        return link?.location.endsWith(link.id) === true;
      },
      users: async () => {
        const request = { organizationId, directoryId, pageSize: PAGE_SIZE };
        const { users, totalSize } = await directories.listDirectoryUsers(request, options);
        return users.length === PAGE_SIZE && totalSize === API_PEOPLE && users[0]?.givenName === 'Ann';
      },
    };
  }

  /** Makes so many calls, and checks each answer. @param {keyof typeof SLOT} name @param {number} count */
  async run(name, count) {
    await forEach(Array.from({ length: count }), CALLS_AT_ONCE, async () => {
      const startedAt = performance.now();
      const isRight = await this.calls[name]();
      this.#latenciesMs.push(performance.now() - startedAt);
      if (!isRight) throw new Error(`A wrong answer of ${this.target.isBare ? 'the ceiling' : 'the server'}: ${name}.`);
    });
  }

  /** The latencies since the last call. */
  takeLatencies() {
    const taken = this.#latenciesMs;
    this.#latenciesMs = [];
    return taken;
  }
}

/** A directory of the service with as many people as the ceiling's. @param {Bench} bench @returns {Promise<Subject>} */
async function fillDirectory({ server }) {
  const { id, token, organizationId } = await createDirectory(server);
  const scim = new Client(server, { id, token });
  for (let at = 0; at < API_PEOPLE; at += 1) await scim.send(createPerson(`ann-${at}`));
  scim.close();
  return { organizationId, directoryId: id };
}

/** @param {Bench} bench @returns {Promise<Result>} */
export async function measureApi(bench) {
  const ceiling = await startApiCeiling(bench.ceilingDatabaseUrl);
  try {
    const subject = await fillDirectory(bench);
    const service = new ApiClient(bench.server, await fetchToken(bench.server), subject);
    const bare = new ApiClient(ceiling, '', subject);
    /** @type {Result} */
    const result = { rows: [], goals: [] };
    for (const [name, title] of /** @type {const} */ ([
      ['links', 'gRPC GeneratePortalLink, 8 at a time'],
      ['users', `gRPC ListDirectoryUsers, ${PAGE_SIZE} people, 8 at a time`],
    ])) {
      const lanes = [service, bare].map((client) => ({
        name: client === service ? 'service' : 'ceiling',
        clients: [client],
        work: () => client.run(name, SLOT[name]),
      }));
      const compared = await compare(bench.rounds, lanes);
      const ratio = compared.ratio('service', 'ceiling');
      result.rows.push({ name: title, stats: compared.stats('service'), ceiling: compared.stats('ceiling'), ratio });
      result.goals.push({ text: `${title}, of the ceiling`, value: ratio, kind: 'at least', bound: GOAL });
    }
    return result;
  } finally {
    await ceiling.stop();
  }
}
