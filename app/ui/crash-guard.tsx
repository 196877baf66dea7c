import { Component, type ReactNode } from 'react';
import { RefusalMessage } from './refusal-message.tsx';
import { text } from './text.ts';

/** Shows a sentence instead of a blank frame when a component throws. React offers this to classes only. */
export class CrashGuard extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return <RefusalMessage refusal={{ code: 'page-fault', ...text.failures.crash, requestId: '' }} />;
  }
}
