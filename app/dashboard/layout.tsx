import type { ReactNode } from 'react';
import { LogOut } from 'lucide-react';
import { DashboardShell } from '@/components/dashboard/shell';
import { Button } from '@/components/ui/button';
import { publicOrigin } from '@/lib/adapters/request-context';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { signOutAction } from '../login/actions';

/**
 * The frame of the operator's pages. Each page asks again who is signed in: a layout is not rendered on every navigation. There is no
 * loading page below it: one would be streamed first, which hides the real page from browsers without script and answers 200 for what
 * does not exist. The pages take milliseconds, and the navigation shows what is on its way.
 */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { signedIn } = await requireOperator();
  const { name, email } = signedIn.account;
  return (
    <DashboardShell
      user={{ name: name === email ? undefined : name, email }}
      host={new URL(publicOrigin()).host}
      signOut={
        <form action={signOutAction}>
          <Button variant="quiet" className="w-full justify-start!" icon={<LogOut size={16} aria-hidden="true" />}>
            Sign out
          </Button>
        </form>
      }
    >
      {children}
    </DashboardShell>
  );
}
