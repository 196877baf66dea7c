import { createMemoryAuthenticationLinks } from '../fakes/memory-authentication-links.ts';
import { describeAuthenticationLinks } from './authentication-links.contract.ts';

describeAuthenticationLinks('memory', async () => createMemoryAuthenticationLinks());
