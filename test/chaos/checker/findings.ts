const SHOWN = 5;

/** Of findings that differ only in their numbers, the first few, and how many there are. */
export function summarised(findings: readonly string[]): string[] {
  const alike = Map.groupBy(findings, (finding) => finding.replaceAll(/[0-9A-Za-z_-]*\d[0-9A-Za-z_-]*/g, '#'));
  return [...alike.values()].flatMap((group) => {
    const more = group.length - SHOWN;
    return more > 0 ? [...group.slice(0, SHOWN), `… and ${more} more like these`] : group;
  });
}
