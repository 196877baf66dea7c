import { dropTemplate } from './database.ts';
import { takeServer } from './running-server.ts';

export default async function globalTeardown(): Promise<void> {
  await dropTemplate();
  await takeServer()?.stop();
}
