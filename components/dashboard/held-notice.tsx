import type { HeldSummary } from '@/lib/domain/deprovisioning/types';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';

function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
}

/** How many people of a directory wait for somebody to decide. Those in a grace period go out by themselves. */
export function countHeld({ counts }: Pick<HeldSummary, 'counts'>): number {
  return counts.breaker + counts.last_holder + counts.seat;
}

function describe({ counts }: HeldSummary): string {
  const parts = [
    counts.breaker > 0 &&
      `The directory removed too many people at once: ${people(counts.breaker)} keep${counts.breaker === 1 ? 's' : ''} access until you decide, and so does whoever it removes next.`,
    counts.last_holder > 0 &&
      `${people(counts.last_holder)} would have been the last out of a protected role and keep${counts.last_holder === 1 ? 's' : ''} it.`,
    counts.seat > 0 && `${people(counts.seat)} wait${counts.seat === 1 ? 's' : ''} for a free seat.`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** Says on the pages of a directory that people wait for a decision; nothing while nobody does. */
export function HeldNotice({
  held,
  path,
  name,
  isReviewed = false,
}: {
  held: HeldSummary;
  path: string;
  /** Of the directory, where the page is not about it alone. */
  name?: string;
  /** On the page where it is decided. */
  isReviewed?: boolean;
}) {
  if (countHeld(held) === 0) return null;
  return (
    <Notice
      tone={held.isTripped ? 'danger' : 'warning'}
      title={
        <>
          {name === undefined ? 'People are held back' : `${name}: people are held back`}
          {held.since && (
            <span className="font-normal">
              , since <RelativeTime at={held.since} />
            </span>
          )}
        </>
      }
      action={!isReviewed && <LinkButton href={`${path}/deprovisioning`}>Review and decide</LinkButton>}
      className="mb-6"
    >
      {describe(held)}
    </Notice>
  );
}
