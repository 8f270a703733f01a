/** Lines for a `.env` file with which the official SDKs find this installation. */
export function envSnippet(input: { environmentUrl: string; clientId: string; clientSecret: string }): string {
  return [
    `SCALEKIT_ENVIRONMENT_URL=${input.environmentUrl}`,
    `SCALEKIT_CLIENT_ID=${input.clientId}`,
    `SCALEKIT_CLIENT_SECRET=${input.clientSecret}`,
  ].join('\n');
}
