import { appendFileSync } from 'node:fs';
import type { RequestHandler } from 'express';
import { type RecordedCall, recordCalls } from './record-calls.ts';

/**
 * Where `npm run test:conformance` lets calls be written down, one file for each process: TANDEM_CONFORMANCE_DIR. Null, as nearly
 * always: nothing is recorded.
 */
export function fileRecorder(face: RecordedCall['face']): RequestHandler | null {
  const folder = process.env['TANDEM_CONFORMANCE_DIR'];
  if (folder === undefined || folder === '') return null;
  return recordCalls(face, (line) => appendFileSync(`${folder}/${face}-${process.pid}.jsonl`, line));
}
