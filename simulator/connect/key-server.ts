import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Random } from '../heart/random.ts';
import type { InstallKey } from './sign.ts';

let pairOfTheProcess: Pick<InstallKey, 'privateKey' | 'publicKey'> | null = null;

/** The install key of a world. All worlds of a process share the pair, which takes longer to make than all the rest of a start. */
export function installKeyOf(random: Random): InstallKey {
  const { kid, ...pair } = pairOfTheProcess === null ? makeInstallKey(random) : { ...pairOfTheProcess, kid: random.uuid() };
  pairOfTheProcess = pair;
  return { kid, ...pair };
}

/** A fresh RSA key. Only its id comes from the seed: nothing in a run depends on the key itself. */
export function makeInstallKey(random: Random): InstallKey {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { kid: random.uuid(), ...pair };
}

/**
 * Hands out public keys as Atlassian's hosts do: `GET /{kid}` answers the PEM of an install key, `GET /.well-known/jwks.json` the
 * keys of Forge.
 */
export function answerKeys(key: InstallKey, jwks: () => object): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' && request.url === '/.well-known/jwks.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks()));
      return;
    }
    const known = request.method === 'GET' && request.url === `/${key.kid}`;
    response.writeHead(known ? 200 : 404, { 'content-type': known ? 'application/x-pem-file' : 'text/plain' });
    response.end(known ? key.publicKey : 'Not found');
  };
}
