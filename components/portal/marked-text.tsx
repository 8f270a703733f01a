import { Fragment } from 'react';

/** Text in which `**double stars**` mark what the provider's own screen says. */
export function MarkedText({ children }: { children: string }) {
  return children.split('**').map((part, index) =>
    index % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of a constant text keep their places
      <strong key={index} className="font-medium text-ink">
        {part}
      </strong>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of a constant text keep their places
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
