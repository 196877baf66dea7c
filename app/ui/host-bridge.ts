export interface Flag {
  readonly title: string;
  readonly body: string;
  readonly type: 'success' | 'info' | 'error';
}

/**
 * What the page asks of the product that embeds it. One implementation per way of being embedded; nothing else in the page
 * knows whether it runs in a Connect iframe or elsewhere.
 */
export interface HostBridge {
  /** A fresh token that tells the server who is looking at which space. Rejects when the host gives none in time. */
  getToken(): Promise<string>;
  /** Tells the host how tall the page is now, in CSS pixels. */
  resize(height: number): void;
  /** Shows a short notice in the host's own style, outside the frame. */
  flag(flag: Flag): void;
  /** Follows the host's light or dark theme from now on. */
  startTheming(): void;
}
