import type { Delivery, DeliveryStatus } from '@/lib/domain/delivery/types';
import type { StatusTone } from '@/components/ui/status-dot';
import { StatusDot } from '@/components/ui/status-dot';

/** What each status is called. */
export const DELIVERY_WORDS: Readonly<Record<DeliveryStatus, string>> = {
  queued: 'Queued',
  retrying: 'Retrying',
  delivered: 'Delivered',
  failed: 'Failed',
};

const TONES: Readonly<Record<DeliveryStatus, StatusTone>> = {
  queued: 'idle',
  retrying: 'warning',
  delivered: 'success',
  failed: 'danger',
};

/** How a delivery stands, as a dot and a word. */
export function DeliveryStatusDot({ delivery }: { delivery: Pick<Delivery, 'status' | 'isWaiting' | 'isBeingSent'> }) {
  if (delivery.isWaiting) return <StatusDot tone="progress">Waiting its turn</StatusDot>;
  if (delivery.isBeingSent) return <StatusDot tone="progress">Sending</StatusDot>;
  return <StatusDot tone={TONES[delivery.status]}>{DELIVERY_WORDS[delivery.status]}</StatusDot>;
}
