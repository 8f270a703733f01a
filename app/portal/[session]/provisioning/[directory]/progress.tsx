import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { Stepper } from '@/components/ui/stepper';
import type { Directory } from '@/lib/domain/directory/types';

const STAGES = [
  { slug: 'connect', label: 'Connect' },
  { slug: 'send', label: 'Send people' },
  { slug: 'enable', label: 'Enable' },
] as const;

/** A page of the way from a chosen provider to a working connection. */
export type Stage = (typeof STAGES)[number]['slug'];

/**
 * How far the visitor is. Each step can be visited at any time: nothing is lost by going back or ahead. A directory that was set up before
 * has no progress, but a way back to its own page.
 * @param props.path the directory's path in the portal
 */
export function Progress({ directory, path, current }: { directory: Directory; path: string; current: Stage }) {
  if (directory.status === 'COMPLETED' && current !== 'enable') {
    return (
      <Link href={path} className="inline-flex items-center gap-1.5 rounded-sm text-ink-soft hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {directory.name}
      </Link>
    );
  }
  const choose = { label: 'Choose', href: `${path.slice(0, path.lastIndexOf('/'))}/new` };
  const steps = STAGES.map(({ slug, label }) => ({ label, href: `${path}/${slug}` }));
  return <Stepper steps={[choose, ...steps]} current={1 + STAGES.findIndex((stage) => stage.slug === current)} />;
}
