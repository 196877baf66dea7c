import type { Property } from './property.ts';

export const isolation: Property = {
  name: 'isolation',
  promise: 'No content of one tenant reaches another; none is stored unsealed or logged.',
  check({ couples, calls, log, bare }) {
    const strayed = calls.flatMap((call) =>
      couples
        .filter(
          ({ A, B, canary }) => ![A.site.url, B.site.url].includes(call.origin) && `${call.path}${call.body}`.includes(canary),
        )
        .map(() => `another tenant's content in ${call.method} ${call.path}`),
    );
    const logged = log
      .filter((line) => couples.some(({ canary }) => line.includes(canary)))
      .map((line) => `logged: ${line.slice(0, 200)}`);
    return [
      ...strayed,
      ...logged.slice(0, 3),
      ...[...new Set(bare)].map((method) => `content was handed to the store by ${method}`),
    ];
  },
};
