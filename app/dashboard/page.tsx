import { redirect } from 'next/navigation';
import { requireOperator } from '@/lib/adapters/sign-in/guard';

/** The dashboard begins with its organizations. */
export default async function DashboardPage() {
  await requireOperator();
  redirect('/dashboard/organizations');
}
