import { PageSkeleton } from '@/components/ui/skeleton';

/** A page of the dashboard while it loads. */
export default function DashboardLoading() {
  return <PageSkeleton />;
}
