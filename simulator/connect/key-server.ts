import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { Random } from '../heart/random.ts';
import type { InstallKey } from './sign.ts';

/** A fresh RSA key. Only its id comes from the seed: nothing in a run depends on the key itself. */
export function makeInstallKey(random: Random): InstallKey {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { kid: random.uuid(), ...pair };
}

/** Hands out public keys as Atlassian's install-key host does: `GET /{kid}` answers the PEM. */
export function createKeyServer(key: InstallKey): http.Server {
  return http.createServer((request, response) => {
    const known = request.method === 'GET' && request.url === `/${key.kid}`;
    response.writeHead(known ? 200 : 404, { 'content-type': known ? 'application/x-pem-file' : 'text/plain' });
    response.end(known ? key.publicKey : 'Not found');
  });
}
