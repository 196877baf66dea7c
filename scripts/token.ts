/** `npm run token -- create TENANT NAME | list TENANT | revoke TENANT TOKEN`: for whoever runs this installation. */
import { administer, tokenCommand } from './administration.ts';

await administer(tokenCommand);
