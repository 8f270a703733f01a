'use client';

import type { ReactNode } from 'react';
import { CodeBlock } from '@/components/ui/code-block';
import { Notice } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';

// A result that appears is read out.
const AS_STATUS = { role: 'status' } as const;

const VERIFY = `// The body as it was sent, before anything parses it.
const payload = await request.text();
const headers = Object.fromEntries(request.headers);
// Throws when the signature is not ours, or more than five minutes old.
scalekit.verifyWebhookPayload(process.env.WEBHOOK_SECRET, headers, payload);
const event = JSON.parse(payload);`;

/** A signing secret at the only moment when it can be read, and how it is used. */
export function MadeSecret({
  title,
  plainSecret,
  note,
  action,
}: {
  title: string;
  plainSecret: string;
  note?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Notice tone="success" {...AS_STATUS} title={title}>
      <div key={plainSecret} className="mt-2 space-y-4">
        {note && <p>{note}</p>}
        <SecretField
          label="Signing secret"
          value={plainSecret}
          warning="Copy it now: it is shown only once. If it is lost, rotate the secret."
        />
        <CodeBlock title="In your application, with the Scalekit SDK" code={VERIFY} />
        {action}
      </div>
    </Notice>
  );
}
