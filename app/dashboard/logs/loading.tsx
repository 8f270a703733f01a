import { PageHeader } from '@/components/ui/page-header';
import { Skeleton, TableSkeleton } from '@/components/ui/skeleton';

/** The log while it loads, with its filters' room kept. */
export default function LogsLoading() {
  return (
    <>
      <PageHeader
        title="Logs"
        description="Every request that a directory made, with what was asked and what was answered."
      />
      <Skeleton className="mb-3 h-14" />
      <TableSkeleton rows={10} columns={6} />
    </>
  );
}
