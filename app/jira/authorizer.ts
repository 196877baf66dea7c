/**
 * Port: the headers that make a request ours, from app/connections. `url` is the absolute address exactly as it will be sent,
 * query included, because Connect's signature covers it (qsh).
 */
export type Authorize = (method: string, url: string) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
