import { expect, test } from 'vitest';
import { csvLine } from './role-changes-csv';

test('cells with commas, quotes and line breaks are quoted', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines'])).toBe('a,"b,c","say ""hi""","two\nlines"\r\n');
});

test('a name never becomes a formula in a spreadsheet', () => {
  expect(csvLine(['=HYPERLINK("x")', '+1', '-1', '@sum', 'plain'])).toBe(
    '"\'=HYPERLINK(""x"")",\'+1,\'-1,\'@sum,plain\r\n',
  );
});
