/** Names of the two inputs of a row of the metadata form. */
export function metadataInputNames(row: number): { key: string; value: string } {
  return { key: `metadata_key_${row}`, value: `metadata_value_${row}` };
}

/** Metadata as the values of the form's inputs, by their names. */
export function metadataInputValues(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value], row) => {
      const names = metadataInputNames(row);
      return [
        [names.key, key],
        [names.value, value],
      ];
    }),
  );
}
