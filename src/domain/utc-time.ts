const DAY_MS = 86_400_000;

/** The time of day of a wall-clock time, for people: `14:03:07.512 UTC`. */
export function utcTime(wallMs: number): string {
  const ms = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS;
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1_000) % 60)}.${part(ms % 1_000, 3)} UTC`;
}
