import type { SampleLanguage } from './language';
import { restExampleOf } from './request';

const SET_UP = `BASE=ENVIRONMENT_ORIGIN
TOKEN=$(curl -s "$BASE/oauth/token" -d grant_type=client_credentials \\
  -d client_id="$SCALEKIT_CLIENT_ID" -d client_secret="$SCALEKIT_CLIENT_SECRET" \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;

const WEBHOOK = `# A webhook's signature, as a receiver computes it: HMAC-SHA256 over "<id>.<timestamp>.<body>", keyed
# with what follows whsec_ in the endpoint's secret, decoded from base64.
KEY=$(printf %s "\${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
SIGNATURE=$(printf %s "$WEBHOOK_ID.$WEBHOOK_TIMESTAMP.$BODY" \\
  | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)
echo "v1,$SIGNATURE"`;

/** Samples for a shell: the REST API itself. */
export const CURL: SampleLanguage = {
  label: 'curl',
  framework: '',
  install: 'export SCALEKIT_CLIENT_ID=API_CLIENT_ID SCALEKIT_CLIENT_SECRET=…',
  file: 'An access token, good for a day',
  setUp: SET_UP,
  callOf: (method) => {
    const { path, body } = restExampleOf(method);
    const verb = method.verb === 'GET' ? '' : `-X ${method.verb} `;
    const lines = [`curl -s ${verb}"$BASE${path}"`, `-H "Authorization: Bearer $TOKEN"`];
    if (body) lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body, null, 2)}'`);
    return lines.join(' \\\n  ');
  },
  webhook: WEBHOOK,
};
