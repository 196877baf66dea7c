import { systemClock } from '../app/platform/clock.ts';
import { type StartedProcess, startProcess } from '../test/child-process.ts';

/** Processes of the app, each replaced when it ends, as by whatever runs them. */
export interface RealCrew {
  /** Dies in the middle of whatever it does. */
  kill(seat: number): void;
  /** All that all of them have printed. */
  output(): string;
  /** Processes that ended though nobody killed them, and what they said. */
  readonly ended: readonly string[];
  /** Asks all to end, and tells what became of them otherwise than well. */
  dismiss(): Promise<readonly string[]>;
  /** Ends all at once. */
  destroy(): Promise<void>;
}

const REPLACED_AFTER_MS = 300;
const LAST_WORDS = 600;
/** A process that finds no database when it starts says so and ends; it is started again. */
const STARTED_TOO_EARLY = 'Tandem could not start.';

interface Seat {
  member: StartedProcess;
  /** Resolves once nobody sits there any more. */
  empty: Promise<void>;
}

/** @param environments one for each seat */
export function hireRealCrew(environments: readonly Readonly<Record<string, string>>[]): RealCrew {
  const members: StartedProcess[] = [];
  const ended: string[] = [];
  let leaving = false;

  const start = (environment: Readonly<Record<string, string>>): StartedProcess => {
    const member = startProcess(environment);
    members.push(member);
    return member;
  };
  const keep = async (seat: Seat, environment: Readonly<Record<string, string>>): Promise<void> => {
    while (!leaving) {
      const { member } = seat;
      const code = await member.ended;
      if (leaving) return;
      if (code !== 'SIGKILL' && !member.output().includes(STARTED_TOO_EARLY))
        ended.push(`${environment['ROLE']} ended by itself with ${code}: ${member.output().slice(-LAST_WORDS)}`);
      await systemClock.sleepUntil(systemClock.now() + REPLACED_AFTER_MS);
      if (!leaving) seat.member = start(environment);
    }
  };
  const seats = environments.map((environment) => {
    const seat: Seat = { member: start(environment), empty: Promise.resolve() };
    seat.empty = keep(seat, environment);
    return seat;
  });
  const leave = async (signal: NodeJS.Signals): Promise<(number | NodeJS.Signals)[]> => {
    leaving = true;
    for (const { member } of seats) member.kill(signal);
    await Promise.all(seats.map(({ empty }) => empty));
    return Promise.all(seats.map(({ member }) => member.ended));
  };
  return {
    ended,
    kill: (seat) => seats[seat]?.member.kill('SIGKILL'),
    output: () => members.map((member) => member.output()).join(''),
    async dismiss() {
      const codes = await leave('SIGTERM');
      return codes.flatMap((code, seat) =>
        code === 0 ? [] : [`${environments[seat]?.['ROLE']} ended with ${code} when asked to`],
      );
    },
    async destroy() {
      await leave('SIGKILL');
    },
  };
}
