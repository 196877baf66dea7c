/** `npm run token -- create TENANT NAME [SCOPES] [DAYS] | list TENANT | revoke TENANT TOKEN`: for whoever runs this installation. */
import { administer, tokenCommand } from './administration.ts';

await administer(tokenCommand);
