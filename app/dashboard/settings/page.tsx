import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { KeyValueList } from '@/components/ui/key-value-list';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { ConfirmAction } from '../confirm-action';
import { signOutEverywhereAction } from './actions';

export const metadata: Metadata = { title: 'Settings – Gatehouse' };

/** The operator's own account. */
export default async function SettingsPage() {
  const { signedIn } = await requireOperator();
  const { account, expiresAt } = signedIn;
  return (
    <>
      <PageHeader title="Settings" />
      <div className="max-w-2xl space-y-6">
        <Card title="Your account">
          <KeyValueList
            items={[
              ...(account.name === account.email ? [] : [{ label: 'Name', value: account.name }]),
              { label: 'Email address', value: <span className="wrap-anywhere">{account.email}</span> },
              {
                label: 'Last sign-in',
                value: account.lastSignInAt ? <RelativeTime at={account.lastSignInAt} /> : undefined,
              },
              { label: 'This session ends', value: <RelativeTime at={expiresAt} /> },
            ]}
          />
        </Card>
        <Card
          title="Sessions"
          description="Ends all your sessions, this one too, such as after a lost laptop."
          actions={
            <ConfirmAction
              action={signOutEverywhereAction}
              fields={{}}
              label="Sign out everywhere"
              title="Sign out everywhere?"
              description="Every browser in which you are signed in has to sign in again, this one too."
              confirmLabel="Sign out everywhere"
            />
          }
        />
      </div>
    </>
  );
}
