import { availableParallelism } from 'node:os';
import process from 'node:process';

/** Set by `npm run test:properties` (scripts/explore-properties.ts); what becomes of them: test/property-runs.ts. */
const propertyRuns = { seed: Number(process.env.PROPERTY_SEED ?? 1), times: Number(process.env.PROPERTY_TIMES ?? 1) };

/** What a timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Unit tests stand beside the code as *.test.ts; tests of the whole stand in test/. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.mjs' },
  testMatch: ['<rootDir>/{app,simulator,test,scripts,bench,lab}/**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/no-unexpected-output.mjs'],
  // Ends what hangs and measures nothing: the whole house takes part in many tests, and where it is five seconds, a busy machine is at fault
  // now and then. A property that is tried more often may take longer.
  testTimeout: Math.min(60_000 * propertyRuns.times, LONGEST_TIMER_MS),
  globals: { propertyRuns },
  // A test that leans on the one before it fails sooner or later; the seed of a run is printed.
  randomize: true,
  // Test files mostly wait, so two share two processors well; each has its own database and ports (test/free-port.ts). Four of them are as
  // many as one Postgres has connections for.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
  // What keeps a finished worker alive are connections that are just being closed, which takes its time on a busy machine.
  workerGracefulExitTimeout: 10_000,
  testSequencer: '<rootDir>/test/longest-first.mjs',
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
};
