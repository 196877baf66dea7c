/** `npm run tenant -- create NAME | list | erase TENANT --yes`: for whoever runs this installation. */
import { administer, tenantCommand } from './administration.ts';

await administer(tenantCommand);
