import { redirect } from 'next/navigation';
import { currentSignedIn, homeOf } from '@/lib/adapters/sign-in/guard';

/** The start page leads to where the visitor belongs. */
export default async function StartPage() {
  const signedIn = await currentSignedIn();
  redirect(signedIn ? homeOf(signedIn) : '/login');
}
