import type { Metadata } from 'next';
import { LinkButton } from '@/components/ui/link-button';
import { MessagePage } from '@/components/ui/message-page';
import { newRequestContext } from '@/lib/adapters/request-context';
import { isCallOfScript } from '@/lib/adapters/sign-in/go-to';
import { findInvitation } from '@/lib/domain/operator/queries';
import { MIN_PASSWORD_LENGTH } from '@/lib/domain/operator/types';
import { InvitationForm } from './invitation-form';

export const metadata: Metadata = { title: 'Invitation', robots: { index: false } };

/** Where an invited admin of a customer makes their account. */
export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const found = await findInvitation(await newRequestContext({ kind: 'anonymous' }), token);
  if (!found && !(await isCallOfScript())) {
    return (
      <MessagePage title="This invitation cannot be used" action={<LinkButton href="/login">Sign in</LinkButton>}>
        <p>It may have been accepted or revoked, or its 72 hours are over.</p>
        <p>If you have an account, sign in. Otherwise ask the person who invited you for a new link.</p>
      </MessagePage>
    );
  }
  return (
    <InvitationForm
      token={token}
      invited={found && { email: found.invitation.email, organizationName: found.organizationName }}
      passwordMinLength={MIN_PASSWORD_LENGTH}
    />
  );
}
