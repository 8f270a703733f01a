'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { invalidField } from '@/lib/core/error';
import { inviteCustomerAdmin, removeCustomerAdmin, revokeInvitation } from '@/lib/domain/operator/commands';
import { deleteOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { getOrganization } from '@/lib/domain/organization/queries';
import { readFeature } from '@/lib/domain/organization/types';
import { createLink, revokeAllLinks, revokeLink } from '@/lib/domain/portal/commands';
import { invitationAddress, portalLinkAddress } from '../../addresses';
import { requireTyped, textOf } from '../../form-text';

/** A credential just made, at the only moment when it can be read. */
export interface ShownOnce {
  /** Changes with each one made. */
  readonly id: string;
  readonly address: string;
  /** Whom it is for, where that is one person: an email address. */
  readonly recipient?: string;
}

/** Switches one feature on or off. */
export const setFeatureAction = operatorAction<never>(async (ctx, form) => {
  const name = readFeature(textOf(form, 'feature'));
  if (!name) throw invalidField('feature', 'There is no such feature.');
  await setFeatures(ctx, {
    id: textOf(form, 'organization_id'),
    features: [{ name, enabled: form.get('enabled') === 'on' }],
  });
  refresh();
});

/** Makes a portal link for sharing. */
export const generateLinkAction = operatorAction<ShownOnce>(async (ctx, form) => {
  const { link, token } = await createLink(ctx, { organizationId: textOf(form, 'organization_id'), kind: 'share' });
  refresh();
  return { ok: true, data: { id: link.id, address: portalLinkAddress(token) } };
});

/** Revokes one portal link and ends the sessions that it opened. */
export const revokeLinkAction = operatorAction(async (ctx, form) => {
  await revokeLink(ctx, { organizationId: textOf(form, 'organization_id'), link: textOf(form, 'link_id') });
  refresh();
});

/** Revokes every portal link of an organization and ends all its portal sessions. */
export const revokeAllLinksAction = operatorAction(async (ctx, form) => {
  await revokeAllLinks(ctx, { organizationId: textOf(form, 'organization_id') });
  refresh();
});

/** Invites an admin of the customer. */
export const inviteAdminAction = operatorAction<ShownOnce>(async (ctx, form) => {
  const { invitation, token } = await inviteCustomerAdmin(ctx, {
    organizationId: textOf(form, 'organization_id'),
    email: textOf(form, 'email'),
  });
  refresh();
  return {
    ok: true,
    data: { id: invitation.id, address: invitationAddress(token), recipient: invitation.email },
  };
});

/** Revokes an invitation that was not accepted yet. */
export const revokeInvitationAction = operatorAction(async (ctx, form) => {
  await revokeInvitation(ctx, {
    organizationId: textOf(form, 'organization_id'),
    invitationId: textOf(form, 'invitation_id'),
  });
  refresh();
});

/** Removes an admin of the customer. */
export const removeAdminAction = operatorAction(async (ctx, form) => {
  await removeCustomerAdmin(ctx, {
    organizationId: textOf(form, 'organization_id'),
    accountId: textOf(form, 'account_id'),
  });
  refresh();
});

/** Deletes an organization once its name was typed. */
export const deleteOrganizationAction = operatorAction<never>(async (ctx, form) => {
  const organization = await getOrganization(ctx, textOf(form, 'organization_id'));
  requireTyped(form, organization.displayName);
  await deleteOrganization(ctx, { id: organization.id });
  redirect('/dashboard/organizations?done=deleted');
});
