import type { Context } from '@/lib/core/context';
import type { WebhookEndpoint } from '@/lib/domain/webhook/types';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { getWebhookEndpoint } from '@/lib/domain/webhook/queries';
import { orNotFound } from '../../../or-not-found';

/** Checks that an operator asks and loads the endpoint of an address; shows the not-found page where there is none. */
export async function loadEndpoint(
  params: Promise<{ endpoint: string }>,
): Promise<{ ctx: Context; endpoint: WebhookEndpoint; path: string }> {
  const { ctx } = await requireOperator();
  const endpoint = await orNotFound(getWebhookEndpoint(ctx, (await params).endpoint));
  return { ctx, endpoint, path: `/dashboard/developers/webhooks/${endpoint.id}` };
}
