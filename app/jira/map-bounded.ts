/** What `work` makes of each value, in their order, at most `atOnce` at a time. */
export async function mapBounded<Value, Made>(
  values: readonly Value[],
  atOnce: number,
  work: (value: Value) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const waiting = values.entries();
  const workOff = async (): Promise<void> => {
    for (const [at, value] of waiting) made[at] = await work(value);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, workOff));
  return made;
}
