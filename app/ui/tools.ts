import { createContext, useContext } from 'react';
import type { Api } from './api.ts';
import type { Clock } from './browser-clock.ts';
import type { HostBridge } from './host-bridge.ts';

/** What every screen may use to reach the world. */
export interface Tools {
  readonly api: Api;
  readonly host: HostBridge;
  readonly clock: Clock;
}

export const ToolsContext = createContext<Tools | null>(null);

/** The tools given by main.tsx. */
export function useTools(): Tools {
  const tools = useContext(ToolsContext);
  if (tools === null) throw new Error('There is no ToolsContext around this component.');
  return tools;
}
