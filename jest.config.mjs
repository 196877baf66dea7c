/** Unit tests stand beside the code as *.test.ts; tests of the whole stand in test/. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.mjs' },
  testMatch: ['<rootDir>/{app,simulator,test,scripts,bench}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
};
