/** Numbers over a size that grows tenfold from point to point, as docs/bench keeps them. */
export interface Curve {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  /** Text under the title: what was measured, in one line. */
  readonly note: string;
  /** A line that must not be crossed, or must be reached. */
  readonly limit: { readonly y: number; readonly name: string } | null;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Whether sizes grow by factors rather than by steps. */
  readonly byFactors: boolean;
}

const WIDTH = 640;
const HEIGHT = 330;
const LEFT = 64;
const RIGHT = 24;
const TOP = 92;
const BOTTOM = 52;

/** Readable on white and on black, by whichever the reader's system prefers; the surface is transparent. */
const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #44546f; }
    .title { font-size: 16px; font-weight: 600; fill: #172b4d; }
    .value { font-weight: 600; fill: #172b4d; }
    .grid { stroke: #8590a2; stroke-opacity: .3; }
    .limit { stroke: #ae2e24; stroke-dasharray: 6 4; }
    .limit-name { fill: #ae2e24; }
    .curve { fill: none; stroke: #0c66e4; stroke-width: 2.5; stroke-linejoin: round; }
    .dot { fill: #0c66e4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9fadbc; }
      .title, .value { fill: #dee4ea; }
      .limit { stroke: #fd9891; }
      .limit-name { fill: #fd9891; }
      .curve { stroke: #85b8ff; }
      .dot { fill: #85b8ff; }
    }`;

const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** 1, 2 or 5 times a power of ten, so that about four lines fit below `top`. */
function stepFor(top: number): number {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

const short = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en-US');

/** The curve as an SVG picture of its own. The y axis begins at zero, so that what looks flat is flat. */
export function drawCurve({ title, xName, yName, note, limit, points, byFactors }: Curve): string {
  const step = stepFor(Math.max(...points.map(({ y }) => y), limit?.y ?? 0) * 1.1);
  const top = Math.ceil((Math.max(...points.map(({ y }) => y), limit?.y ?? 0) * 1.05) / step) * step;
  const place = (x: number): number => (byFactors ? Math.log10(x) : x);
  const [first, last] = [place(points[0]?.x ?? 1), place(points.at(-1)?.x ?? 1)];
  const xOf = (x: number): number => LEFT + 28 + ((place(x) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT - 56);
  const yOf = (y: number): number => HEIGHT - BOTTOM - (y / top) * (HEIGHT - TOP - BOTTOM);
  const at = (value: number): string => value.toFixed(1);
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step).map(
    (y) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(yOf(y))}" y2="${at(yOf(y))}"/>
  <text x="${LEFT - 8}" y="${at(yOf(y) + 4)}" text-anchor="end">${short(y)}</text>`,
  );
  const marks = points.map(
    ({ x, y }) =>
      `<circle class="dot" cx="${at(xOf(x))}" cy="${at(yOf(y))}" r="4"><title>${short(x)}: ${short(y)}</title></circle>
  <text class="value" x="${at(xOf(x))}" y="${at(yOf(y) - 10)}" text-anchor="middle">${short(y)}</text>
  <text x="${at(xOf(x))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${short(x)}</text>`,
  );
  const limitLine =
    limit === null
      ? ''
      : `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(yOf(limit.y))}" y2="${at(yOf(limit.y))}"/>
  <text class="limit-name" x="${LEFT + 6}" y="${at(yOf(limit.y) - 6)}">${escapeXml(limit.name)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escapeXml(title)}">
  <style>${STYLE}
  </style>
  <text class="title" x="16" y="26">${escapeXml(title)}</text>
  <text x="16" y="46">${escapeXml(note)}</text>
  <text x="16" y="${TOP - 20}">${escapeXml(yName)}</text>
  ${lines.join('\n  ')}
  ${limitLine}
  <polyline class="curve" points="${points.map(({ x, y }) => `${at(xOf(x))},${at(yOf(y))}`).join(' ')}"/>
  ${marks.join('\n  ')}
  <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(xName)}</text>
</svg>
`;
}
