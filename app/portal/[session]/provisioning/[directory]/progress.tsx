import { Stepper } from '@/components/ui/stepper';

const STAGES = [
  { slug: 'connect', label: 'Connect' },
  { slug: 'send', label: 'Send people' },
  { slug: 'enable', label: 'Enable' },
] as const;

/** A page of the way from a chosen provider to a working connection. */
export type Stage = (typeof STAGES)[number]['slug'];

/**
 * How far the visitor is. Each step can be visited at any time: nothing is lost by going back or ahead.
 * @param props.path the directory's path in the portal
 */
export function Progress({ path, current }: { path: string; current: Stage }) {
  const choose = { label: 'Choose', href: `${path.slice(0, path.lastIndexOf('/'))}/new` };
  const steps = STAGES.map(({ slug, label }) => ({ label, href: `${path}/${slug}` }));
  return <Stepper steps={[choose, ...steps]} current={1 + STAGES.findIndex((stage) => stage.slug === current)} />;
}
