/** @import { User } from './users.mjs' */

const STATES = {
  active: 'Active',
  deactivated: 'Deactivated',
  deleted: 'Deleted',
  directory_deleted: 'Directory deleted',
};

/**
 * The settings page of a customer: the portal in a frame, and the people who came through it.
 * @param {{ organizationName: string, users: readonly User[], portalLocation: string, nonce: string, problem: string | undefined }} of
 * @returns {string}
 */
export function renderPage({ organizationName, users, portalLocation, nonce, problem }) {
  const rows = users.map(
    (user) => `<tr>
      <td>${escape(user.name || '–')}</td><td>${escape(user.email || '–')}</td>
      <td>${escape(user.groups.join(', ') || '–')}</td><td>${escape(user.roles.join(', ') || '–')}</td>
      <td>${STATES[user.state]}${user.previousId ? `, was ${escape(user.previousId)} before` : ''}</td>
    </tr>`,
  );
  const origin = new URL(portalLocation).origin;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(organizationName)} – Example</title>
  <style nonce="${nonce}">
    body { font: 14px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
    table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8885 }
    iframe { border: 1px solid #8885; border-radius: 8px } .scroll { overflow-x: auto }
  </style>
</head>
<body>
  <main>
    <h1>${escape(organizationName)}</h1>
    ${problem ? `<p role="alert">${escape(problem)}</p>` : ''}
    <h2>People</h2>
    <div class="scroll"><table>
      <thead><tr><th>Name</th><th>Email</th><th>Groups</th><th>Roles</th><th>State</th></tr></thead>
      <tbody>${rows.join('') || '<tr><td colspan="5">Nobody yet. Set provisioning up below.</td></tr>'}</tbody>
    </table></div>
    <h2>Provisioning</h2>
    <p><output id="portal-event">Waiting for the portal.</output></p>
    <iframe id="portal" src="${escape(portalLocation)}" title="Provisioning set-up" width="100%" height="600" allow="clipboard-write"></iframe>
  </main>
  <script nonce="${nonce}">
    const frame = document.getElementById('portal');
    window.addEventListener('message', (event) => {
      if (event.origin !== ${JSON.stringify(origin)} || event.source !== frame.contentWindow) return;
      document.getElementById('portal-event').textContent = event.data.event_type + ': ' + event.data.message;
    });
  </script>
</body>
</html>`;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
