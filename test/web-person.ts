/** A person's browser without a window: keeps cookies for each site, follows redirects, and fills in the forms it is told to. */
export interface WebPerson {
  /** GET, redirects followed. */
  open(url: string): Promise<WebPage>;
  /** Sends a form, redirects followed. */
  submit(url: string, fields: Readonly<Record<string, string>>): Promise<WebPage>;
}

export interface WebPage {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

const MOST_REDIRECTS = 10;

export function createWebPerson(): WebPerson {
  const cookies = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { origin } = new URL(url);
    const jar = cookies.get(origin) ?? new Map<string, string>();
    cookies.set(origin, jar);
    return jar;
  };
  const send = async (url: string, form: Readonly<Record<string, string>> | null, redirects = 0): Promise<WebPage> => {
    const jar = jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === null ? {} : { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split(/=(.*)/s);
      jar.set(name, value);
    }
    const html = await response.text();
    const location = response.headers.get('location');
    if (location === null || redirects === MOST_REDIRECTS) return { url, status: response.status, html };
    return send(new URL(location, url).href, null, redirects + 1);
  };
  return { open: (url) => send(url, null), submit: (url, fields) => send(url, fields) };
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#x3D;', '=').replaceAll('&#x2F;', '/').replaceAll('&amp;', '&');

/** The value of a hidden field; null when there is no such field. */
export function hiddenField({ html }: WebPage, name: string): string | null {
  const value = new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1];
  return value === undefined ? null : unescaped(value);
}

/** Where the page's form leads to. */
export const formAddress = ({ html, url }: WebPage): string =>
  new URL(unescaped(/<form[^>]* action="([^"]*)"/.exec(html)?.[1] ?? ''), url).href;
