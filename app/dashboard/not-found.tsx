import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';

/** What an address of the dashboard shows when nothing is there, or not any more. */
export default function DashboardNotFound() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="Nothing is here"
        action={<LinkButton href="/dashboard/organizations">Go to organizations</LinkButton>}
      >
        It may have been deleted, or the address is incomplete.
      </EmptyState>
    </>
  );
}
