import type { JsonValue } from '@bufbuild/protobuf';
import type { SampleLanguage } from './language';
import { indent, nameOf, restExampleOf } from './request';

const SET_UP = `import os

import requests
from flask import Flask, request
from scalekit import ScalekitClient
from scalekit.v1.organizations.organizations_pb2 import CreateOrganization, UpdateOrganization

scalekit = ScalekitClient(
    "ENVIRONMENT_ORIGIN",
    os.environ["SCALEKIT_CLIENT_ID"],  # API_CLIENT_ID
    os.environ["SCALEKIT_CLIENT_SECRET"],
)
app = Flask(__name__)`;

const WEBHOOK = `@app.post("/webhooks")
def receive_webhook():
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        scalekit.verify_webhook_payload(os.environ["WEBHOOK_SECRET"], headers, body)
    except Exception:
        return {"error": "The signature does not match."}, 400
    event = request.get_json()
    print(event["type"], event["data"]["id"])
    return {"received": event["id"]}`;

/** The SDK's call, and what of its answer the route returns. */
type Call = readonly [call: string, answer: string];

const ORGANIZATION = '{"id": answer.organization.id, "name": answer.organization.display_name}';

const CALLS: Readonly<Record<string, Call | undefined>> = {
  CreateOrganization: [
    `answer, _ = scalekit.organization.create_organization(
    CreateOrganization(display_name="Acme", external_id="acme-42")
)`,
    ORGANIZATION,
  ],
  GetOrganization: ['answer, _ = scalekit.organization.get_organization("ORGANIZATION_ID")', ORGANIZATION],
  GetOrganizationByExternalId: [
    'answer, _ = scalekit.organization.get_organization_by_external_id("acme-42")',
    ORGANIZATION,
  ],
  ListOrganization: [
    'answer, _ = scalekit.organization.list_organizations(page_size=20)',
    '[{"id": one.id, "name": one.display_name} for one in answer.organizations]',
  ],
  UpdateOrganization: [
    `answer, _ = scalekit.organization.update_organization(
    "ORGANIZATION_ID", UpdateOrganization(display_name="Acme Inc")
)`,
    ORGANIZATION,
  ],
  DeleteOrganization: ['scalekit.organization.delete_organization("ORGANIZATION_ID")', '{"done": True}'],
  GeneratePortalLink: [
    'link = scalekit.organization.generate_portal_link("ORGANIZATION_ID")',
    '{"location": link.location}',
  ],
  UpdateOrganizationSettings: [
    `scalekit.organization.update_organization_settings(
    "ORGANIZATION_ID", [{"name": "dir_sync", "enabled": True}]
)`,
    '{"done": True}',
  ],
  ListDirectories: [
    'answer, _ = scalekit.directory.list_directories("ORGANIZATION_ID")',
    '[{"id": one.id, "name": one.name, "enabled": one.enabled} for one in answer.directories]',
  ],
  GetDirectory: [
    'answer, _ = scalekit.directory.get_directory("ORGANIZATION_ID", "DIRECTORY_ID")',
    '{"id": answer.directory.id, "enabled": answer.directory.enabled}',
  ],
  ListDirectoryUsers: [
    'answer, _ = scalekit.directory.list_directory_users("ORGANIZATION_ID", "DIRECTORY_ID", page_size=30)',
    '[{"id": one.id, "email": one.email} for one in getattr(answer, "users", [])]',
  ],
  ListDirectoryGroups: [
    'answer, _ = scalekit.directory.list_directory_groups("ORGANIZATION_ID", "DIRECTORY_ID", page_size=30)',
    '[{"id": one.id, "name": one.display_name} for one in getattr(answer, "groups", [])]',
  ],
  EnableDirectory: [
    'answer, _ = scalekit.directory.enable_directory("ORGANIZATION_ID", "DIRECTORY_ID")',
    '{"enabled": answer.enabled}',
  ],
  DisableDirectory: [
    'answer, _ = scalekit.directory.disable_directory("ORGANIZATION_ID", "DIRECTORY_ID")',
    '{"enabled": answer.enabled}',
  ],
};

/** Samples for Flask, with the official SDK where a call of it is known to us, else over REST. */
export const PYTHON: SampleLanguage = {
  label: 'Python',
  framework: 'Flask',
  install: 'pip install flask requests scalekit-sdk-python',
  file: 'app.py',
  setUp: SET_UP,
  callOf: (method) => {
    const own = method.id.endsWith('_2') ? undefined : CALLS[nameOf(method.id)];
    const { path, body } = restExampleOf(method);
    const lines = own
      ? [own[0], `return ${own[1]}`]
      : [
          `answer = requests.${method.verb.toLowerCase()}(`,
          `    "ENVIRONMENT_ORIGIN${path}",`,
          `    headers={"Authorization": f"Bearer {scalekit.get_client_access_token()}"},`,
          ...(body ? [`    json=${indent(literal(body), '    ')},`] : []),
          `    timeout=20,`,
          `)`,
          `return answer.json(), answer.status_code`,
        ];
    return `@app.${method.verb.toLowerCase()}("/${method.slug}")
def ${method.slug.replaceAll('-', '_')}():
    ${indent(lines.join('\n'), '    ')}`;
  },
  webhook: WEBHOOK,
};

/** JSON as it is written in Python. */
function literal(body: JsonValue): string {
  return JSON.stringify(body, null, 4).replace(/: (true|false)\b/g, (_, word: string) =>
    word === 'true' ? ': True' : ': False',
  );
}
