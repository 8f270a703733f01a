import type { Reader } from './reader';
import { withQuery } from '@/components/dashboard/href';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { TabNav } from '@/components/ui/tab-nav';
import { SAMPLE_LANGUAGES } from '@/lib/adapters/rpc/reference/samples/sample';

/** The choice of a language, as links. @param keep other parameters of the address, such as a search */
export function LanguageTabs({
  reader,
  path,
  keep = {},
}: {
  reader: Reader;
  path: string;
  keep?: Readonly<Record<string, string | undefined>>;
}) {
  const hrefOf = (language: string) => withQuery(path, { ...reader.keep, ...keep, language });
  return (
    <TabNav
      label="Language"
      current={hrefOf(reader.language)}
      items={Object.entries(SAMPLE_LANGUAGES).map(([id, { label }]) => ({ label, href: hrefOf(id) }))}
    />
  );
}

/** The choice of the organization whose ids fill the samples. */
export function OrganizationChoice({ reader, path }: { reader: Reader; path: string }) {
  if (reader.organizations.length < 2) return null;
  return (
    <form action={path} className="flex items-end gap-2">
      {reader.keep.language && <input type="hidden" name="language" value={reader.keep.language} />}
      <div className="min-w-0 flex-1 sm:w-72 sm:flex-none">
        <Select
          label="Fill samples with the ids of"
          name="organization"
          defaultValue={reader.values.organizationId}
          options={reader.organizations.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        />
      </div>
      <Button type="submit">Fill in</Button>
    </form>
  );
}
