/** `/rest/api/3/…` with each value encoded as one path segment or query value. The signature covers exactly this text. */
export const apiPath = (segments: readonly string[], query: Readonly<Record<string, string | number>> = {}): string => {
  const path = `/rest/api/3/${segments.map(encodeURIComponent).join('/')}`;
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
};
