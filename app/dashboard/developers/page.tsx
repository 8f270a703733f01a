import { redirect } from 'next/navigation';
import { requireOperator } from '@/lib/adapters/sign-in/guard';

/** The developers' pages begin with the API's configuration. */
export default async function DevelopersPage() {
  await requireOperator();
  redirect('/dashboard/developers/api-configuration');
}
