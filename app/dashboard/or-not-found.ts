import { readAppError } from '@/lib/adapters/action';

/** What `work` gives; the not-found page where it says that something does not exist. */
export async function orNotFound<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw readAppError(error);
  }
}
