/** Unit tests stand beside the code as *.test.ts; tests of the whole stand in test/. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.mjs' },
  testMatch: ['<rootDir>/{app,simulator,test,scripts,bench,lab}/**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/no-unexpected-output.mjs'],
  // Ends what hangs and measures nothing: where it is five seconds, a busy machine is at fault now and then.
  testTimeout: 30_000,
  // A test that leans on the one before it fails sooner or later; the seed of a run is printed.
  randomize: true,
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
};
