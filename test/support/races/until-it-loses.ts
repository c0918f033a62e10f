const MOST_MS = 30_000;

/** Races again and again until something is wrong; answers what, or nothing when it never lost in the time there is. */
export async function untilItLoses(race: (round: number) => Promise<readonly string[]>): Promise<readonly string[]> {
  const endsAt = performance.now() + MOST_MS;
  for (let round = 1; performance.now() < endsAt; round += 1) {
    const faults = await race(round);
    if (faults.length > 0) return faults;
  }
  return [];
}
