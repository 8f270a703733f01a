'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { webhookAddressRules } from '@/lib/adapters/webhook/rules';
import { invalidField } from '@/lib/core/error';
import { replayDelivery, replayFailedDeliveries, replayRange, sendTestEvent } from '@/lib/domain/delivery/commands';
import {
  clearWebhookFlag,
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '@/lib/domain/webhook/commands';
import { textOf } from '../../form-text';
import { countOf } from '../../paging';
import { readEndpointForm, readUtcTime } from './form-values';

const PATH = '/dashboard/developers/webhooks';

/** An endpoint's secret, at the only moment when it can be read. */
export interface MadeWebhookSecret {
  readonly endpointId: string;
  readonly plainSecret: string;
  /** Until when the secret before is valid too, RFC 3339; absent when it is not, or when there was none. */
  readonly previousUntil?: string;
}

/** Makes an endpoint. */
export const createEndpointAction = operatorAction<MadeWebhookSecret>(async (ctx, form) => {
  const { endpoint, secret } = await createWebhookEndpoint(ctx, readEndpointForm(form), webhookAddressRules());
  return { ok: true, data: { endpointId: endpoint.id, plainSecret: secret } };
});

/** Changes what an endpoint is told, and where. */
export const updateEndpointAction = operatorAction<never>(async (ctx, form) => {
  const id = textOf(form, 'endpoint_id');
  await updateWebhookEndpoint(ctx, id, readEndpointForm(form), webhookAddressRules());
  refresh();
  return { ok: true, message: 'Saved' };
});

/** Enables an endpoint; what waits for it goes out. */
export const enableEndpointAction = operatorAction(async (ctx, form) => {
  await updateWebhookEndpoint(ctx, textOf(form, 'endpoint_id'), { isEnabled: true }, webhookAddressRules());
  refresh();
});

/** Disables an endpoint. */
export const disableEndpointAction = operatorAction(async (ctx, form) => {
  await updateWebhookEndpoint(ctx, textOf(form, 'endpoint_id'), { isEnabled: false }, webhookAddressRules());
  refresh();
});

/** Deletes an endpoint and goes to the list. */
export const deleteEndpointAction = operatorAction(async (ctx, form) => {
  await deleteWebhookEndpoint(ctx, textOf(form, 'endpoint_id'));
  redirect(PATH);
});

/** Gives an endpoint a new secret. */
export const rotateSecretAction = operatorAction<MadeWebhookSecret>(async (ctx, form) => {
  const { endpoint, secret } = await rotateWebhookSecret(ctx, textOf(form, 'endpoint_id'), {
    overlapHours: Number(textOf(form, 'overlap_hours')),
  });
  refresh();
  return {
    ok: true,
    data: {
      endpointId: endpoint.id,
      plainSecret: secret,
      previousUntil: endpoint.previousSecretUntil?.toISOString(),
    },
  };
});

/** Takes the flag off an endpoint. */
export const clearFlagAction = operatorAction<never>(async (ctx, form) => {
  await clearWebhookFlag(ctx, textOf(form, 'endpoint_id'));
  refresh();
});

/** Sends a test event and goes to its delivery. */
export const sendTestAction = operatorAction<never>(async (ctx, form) => {
  const endpointId = textOf(form, 'endpoint_id');
  const deliveryId = await sendTestEvent(ctx, endpointId, textOf(form, 'type') || undefined);
  redirect(`${PATH}/${endpointId}/deliveries/${deliveryId}`);
});

/** Sends one delivery again. */
export const replayDeliveryAction = operatorAction<never>(async (ctx, form) => {
  await replayDelivery(ctx, textOf(form, 'delivery_id'));
  refresh();
});

/** Sends everything again that was given up. */
export const replayFailedAction = operatorAction<never>(async (ctx, form) => {
  const count = await replayFailedDeliveries(ctx, textOf(form, 'endpoint_id'));
  refresh();
  return { ok: true, message: `${countOf(count, 'delivery', 'deliveries')} queued again` };
});

/** Sends again what was announced in a range of time. */
export const replayRangeAction = operatorAction<never>(async (ctx, form) => {
  const endpointId = textOf(form, 'endpoint_id');
  const [from, to] = [readUtcTime(textOf(form, 'from')), readUtcTime(textOf(form, 'to'))];
  if (!from) throw invalidField('from', 'Give the date and time when it begins.');
  if (!to) throw invalidField('to', 'Give the date and time when it ends.');
  const count = await replayRange(ctx, endpointId, { from, to });
  if (count === 0)
    return { ok: true, message: 'Nothing that this endpoint wants was announced then. Nothing is sent.' };
  redirect(`${PATH}/${endpointId}?replayed=${count}`);
});
