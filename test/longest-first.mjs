import Sequencer from '@jest/test-sequencer';

/**
 * Half a minute and more each, whatever their length in lines, by which Jest orders files that it has not timed: first, so that in the end
 * nobody waits for the last of them. The one that keeps all processors busy begins beside the ones that mostly wait.
 */
const LONGEST = [
  'test/storm.test.ts',
  'test/flows/flows.test.ts',
  'lab/lab.test.ts',
  'test/replay.test.ts',
  'app/sync/take-turn.test.ts',
  'test/production-start.test.ts',
  'test/browser/set-up-by-clicks.test.ts',
];

const rankOf = ({ path }) => {
  const at = LONGEST.findIndex((file) => path.replaceAll('\\', '/').endsWith(`/${file}`));
  return at === -1 ? LONGEST.length : at;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
}
