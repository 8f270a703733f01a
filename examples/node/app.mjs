import { ScalekitClient, ScalekitNotFoundException } from '@scalekit-sdk/node';
import { createApplication } from './server.mjs';
import { UserTable } from './users.mjs';

const { env } = process;
const environmentUrl = env['SCALEKIT_ENVIRONMENT_URL'] ?? 'http://localhost:3000';
const clientId = env['SCALEKIT_CLIENT_ID'];
const clientSecret = env['SCALEKIT_CLIENT_SECRET'];
if (!clientId || !clientSecret) {
  console.error('Set SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET: Developers > API Configuration shows both.');
  process.exit(1);
}

const scalekit = new ScalekitClient(environmentUrl, clientId, clientSecret);
const organization = await findOrMakeOrganization(env['ORGANIZATION_EXTERNAL_ID'] ?? 'example-customer');
const server = createApplication({
  scalekit,
  users: new UserTable(env['USERS_FILE'] ?? 'users.json'),
  organization,
  webhookSecret: env['WEBHOOK_SECRET'],
});
server.listen(Number(env['PORT'] ?? 4000), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`${organization.displayName} (${organization.id}) is at http://localhost:${port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());

/**
 * The customer whose settings page this is.
 * @param {string} externalId
 * @returns {Promise<{ id: string, displayName: string }>}
 */
async function findOrMakeOrganization(externalId) {
  try {
    const { organization } = await scalekit.organization.getOrganizationByExternalId(externalId);
    if (organization) return organization;
  } catch (error) {
    if (!(error instanceof ScalekitNotFoundException)) throw error;
  }
  const { organization } = await scalekit.organization.createOrganization('Example Customer', { externalId });
  if (!organization) throw new Error('The organization was not made.');
  return organization;
}
