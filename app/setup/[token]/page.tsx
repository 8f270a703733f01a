import type { Metadata } from 'next';
import { MessagePage } from '@/components/ui/message-page';
import { LinkButton } from '@/components/ui/link-button';
import { isCallOfScript } from '@/lib/adapters/sign-in/go-to';
import { hasOperator, isSetupToken } from '@/lib/domain/operator/queries';
import { MIN_PASSWORD_LENGTH } from '@/lib/domain/operator/types';
import { SetUpForm } from './set-up-form';

export const metadata: Metadata = { title: 'Set up · Gatehouse', robots: { index: false } };

/** The one-time set-up of the first operator. */
export default async function SetUpPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  if ((await isSetupToken(token)) || (await isCallOfScript())) {
    return <SetUpForm token={token} passwordMinLength={MIN_PASSWORD_LENGTH} />;
  }
  if (await hasOperator()) {
    return (
      <MessagePage
        title="Gatehouse is already set up"
        action={
          <LinkButton href="/login" variant="primary">
            Sign in
          </LinkButton>
        }
      >
        <p>This set-up link was used. Sign in with the account that was made with it.</p>
      </MessagePage>
    );
  }
  return (
    <MessagePage title="This set-up link is not valid">
      <p>Each start of the server makes a new one. Open the address that it printed last.</p>
    </MessagePage>
  );
}
