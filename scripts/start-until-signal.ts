/** How often we look whether the process that started us is still there. */
const LOOK_EVERY_MS = 500;

/**
 * Starts, then stops on the first Ctrl-C, SIGTERM or SIGHUP; a second one ends at once. `npm start` passes a SIGTERM on to its shell
 * alone, which dies of it without telling us: so the end of the process that started us is a signal too, where `followParent`.
 */
export async function startUntilSignal(start: () => Promise<{ stop(): Promise<void> }>, followParent: boolean): Promise<void> {
  let looking: NodeJS.Timeout | undefined;
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
    const parent = process.ppid;
    if (followParent) looking = setInterval(() => (process.ppid === parent ? undefined : resolve()), LOOK_EVERY_MS);
  });
  try {
    const running = await start();
    await asked;
    await running.stop();
  } finally {
    clearInterval(looking);
  }
}
