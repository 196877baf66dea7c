import { afterEach, beforeEach, expect } from '@jest/globals';

/** A test that prints has met something it did not expect. Collected per test, so that the failing test is the one that printed. */
const methods = ['log', 'info', 'warn', 'error', 'debug'];
const original = { ...console };
let printed = [];

beforeEach(() => {
  printed = [];
  for (const method of methods) {
    console[method] = (...parts) => {
      printed.push(`console.${method}: ${parts.map(String).join(' ')}`);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(printed).toEqual([]);
});
