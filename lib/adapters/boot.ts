import path from 'node:path';
import { systemContext } from '@/lib/core/context';
import { prepareProcess } from '@/lib/core/data-folder.mjs';
import type { Config } from '@/lib/core/env.mjs';
import { useSealingSecret } from '@/lib/core/seal';
import { openEmbedded, openServer, useDatabase } from '@/lib/db/handle';
import { migrate } from '@/lib/db/migrate';
import { listenForForgottenCredentials } from '@/lib/db/short-cache';
import {
  ensureGivenCredential,
  ensureInternalCredential,
  ensureSigningKeys,
  requireReadableSeals,
} from '@/lib/domain/credential/commands';
import { flushExchanges, maintainPartitions } from '@/lib/domain/log/commands';
import { ensureGivenOperator, ensureInstallation, issueSetupToken } from '@/lib/domain/operator/commands';
import { isDatabaseAnswering } from './health';
import { startLoops } from './jobs/loops';
import { closeAnnouncementStreams } from './rpc/announcements';
import { managementApi } from './rpc/api';
import { nodeMount } from './scim/mounts';
import { scimEndpoint } from './scim/endpoint';

type Lanes = import('@/lib/core/front-door/lanes.mjs').Lanes;

/** The embedded database lives here, below the data folder. */
const EMBEDDED_FOLDER = 'database';

/**
 * Opens the database, brings it up to date, makes what a first boot makes, and starts the background loops.
 * @returns the lanes for the front door
 * @throws ConfigurationError, FolderInUseError, and what the database says when it cannot be opened
 */
export async function boot(): Promise<Lanes> {
  const { config, secret } = await prepareProcess();
  useSealingSecret(secret);
  const db = config.databaseUrl
    ? await openServer(config.databaseUrl)
    : await openEmbedded(path.join(config.dataDir, EMBEDDED_FOLDER));
  try {
    await migrate(db);
    useDatabase(db);
    await maintainPartitions();
    const setupToken = await furnish(config);
    const stopListening = await listenForForgottenCredentials();
    const stopLoops = startLoops();
    return {
      rpc: (req, res) => managementApi().nodeHandler(req, res),
      scim: nodeMount(scimEndpoint()),
      isReady: () => isDatabaseAnswering(),
      ...(setupToken && { setupUrl: `${config.publicUrl}/setup/${setupToken}` }),
      drain: closeAnnouncementStreams,
      async close() {
        await stopLoops();
        await flushExchanges();
        await stopListening();
        useDatabase(undefined);
        await db.close();
      },
    };
  } catch (error) {
    useDatabase(undefined);
    await db.close();
    throw error;
  }
}

/** Makes what must exist before anyone can use the service. Returns the set-up token while there is no operator. */
async function furnish(config: Readonly<Config>): Promise<string | undefined> {
  const ctx = systemContext('boot');
  await requireReadableSeals(ctx);
  await ensureInstallation(ctx);
  await ensureSigningKeys(ctx);
  await ensureInternalCredential(ctx);
  if (config.bootstrapCredentials) {
    const { clientId, clientSecret } = config.bootstrapCredentials;
    await ensureGivenCredential(ctx, { id: clientId, secret: clientSecret });
  }
  if (config.admin) await ensureGivenOperator(ctx, config.admin);
  return issueSetupToken(ctx);
}
