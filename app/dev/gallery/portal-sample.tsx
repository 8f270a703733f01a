import { PortalShell } from '@/components/portal/shell';
import { StepHeader } from '@/components/portal/step-header';
import { Card } from '@/components/ui/card';
import { Button } from '@/components/ui/button';
import { Checklist } from '@/components/ui/checklist';
import { CopyField } from '@/components/ui/copy-field';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { SecretField } from '@/components/ui/secret-field';
import { Stepper } from '@/components/ui/stepper';
import { TabNav } from '@/components/ui/tab-nav';
import { readClockMs } from '@/components/ui/format-time';
import { succeedSlowly } from './actions';

const STEPS = [
  { label: 'Choose provider', href: '/dev/gallery?view=portal' },
  { label: 'Connect Okta' },
  { label: 'Watch users arrive' },
  { label: 'Enable' },
];

/** A step of the portal under another company's brand. */
export function PortalSample() {
  const nowMs = readClockMs();
  return (
    <PortalShell
      appName="Ledgerline"
      customerName="Meridian Freight"
      accent="#0f766e"
      support={{ label: 'help@ledgerline.example', href: 'mailto:help@ledgerline.example' }}
      sessionNotice={
        <Notice tone="warning" title="This session ends in 5 minutes">
          What you have saved stays. Reload the page to go on.
        </Notice>
      }
      tabs={
        <TabNav
          label="Features"
          current="/dev/gallery?view=portal"
          items={[
            { label: 'SCIM Provisioning', href: '/dev/gallery?view=portal' },
            { label: 'Users', href: '/dev/gallery?view=portal&tab=users', count: 3 },
            { label: 'Groups', href: '/dev/gallery?view=portal&tab=groups', count: 1 },
            { label: 'Events', href: '/dev/gallery?view=portal&tab=events' },
          ]}
        />
      }
    >
      <StepHeader
        title="Connect Okta"
        description="In your Okta app, open Provisioning, then Integration, and paste these two values."
        progress={<Stepper steps={STEPS} current={1} />}
      />
      <div className="space-y-5">
        <CopyField
          label="SCIM 2.0 Base Url"
          value="https://provision.ledgerline.example/scim/v2/dir_69117394271748301"
          size="large"
        />
        <SecretField
          label="OAuth Bearer Token"
          value="ghs_7Qm2vXc9Lr4TzKp1Wn8Yb5Hd3Jf6Sa0Eu"
          size="large"
          warning="Copy it now: it is shown only once. If it is lost, make a new one here."
        />
        <Card title="What we see" description="Turns green by itself as Okta calls.">
          <Checklist
            items={[
              {
                key: 'tested',
                label: 'Okta tested the connection',
                state: 'done',
                aside: <RelativeTime at={new Date(nowMs - 65_000)} />,
              },
              {
                key: 'created',
                label: 'First user created',
                state: 'attention',
                detail:
                  'Okta sent a user without an email address. In Okta, map “email” under To App, then push the user again.',
              },
              {
                key: 'group',
                label: 'Group pushed',
                state: 'active',
                detail: 'Open Push Groups and push one by name.',
              },
              { key: 'deactivated', label: 'Deactivation seen', state: 'waiting' },
            ]}
          />
        </Card>
      </div>
      <form action={succeedSlowly} className="mt-6 flex flex-wrap justify-between gap-3">
        <LinkButton href="/dev/gallery?view=portal" size="large">
          Back
        </LinkButton>
        <Button variant="primary" size="large">
          Continue
        </Button>
      </form>
    </PortalShell>
  );
}
