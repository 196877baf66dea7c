import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { AceTask } from './ace-worker.ts';
import { renderDescriptor } from './render-descriptor.ts';

const file = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

const task = (changes: Partial<AceTask> = {}): AceTask => ({
  descriptorPath: file('atlassian-connect.json'),
  configPath: file('config.json'),
  mode: 'production',
  publicUrl: 'https://tandem.example.com',
  appKey: 'com.tandem.jira',
  ...changes,
});

/** Renders in a process of its own, with its own environment, and tells what that did to the process. */
const renderApart = async (env: Readonly<Record<string, string>>) => {
  const script = `
    const traces = () => ({ listeners: process.listenerCount('unhandledRejection'), methods: Object.getOwnPropertyNames(String.prototype).length });
    const before = traces();
    const { renderDescriptor } = await import(${JSON.stringify(new URL('./render-descriptor.ts', import.meta.url).href)});
    const descriptor = await renderDescriptor(${JSON.stringify(task({ mode: 'development' }))});
    console.log(JSON.stringify({ descriptor, before, after: traces() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  return JSON.parse(stdout);
};

describe('renderDescriptor', () => {
  it.each(['development', 'test', 'production'])('fills in address and key in %s', async (mode) => {
    const descriptor = await renderDescriptor(task({ mode }));
    expect(descriptor).toMatchObject({
      key: 'com.tandem.jira',
      baseUrl: 'https://tandem.example.com',
      links: { self: 'https://tandem.example.com/atlassian-connect.json' },
      apiMigrations: { 'signed-install': true, 'context-qsh': true, gdpr: true },
    });
    expect(JSON.stringify(descriptor)).not.toContain('{{');
  });

  it('leaves nothing of the library in this process', async () => {
    const { before, after } = await renderApart({});
    expect(after).toEqual(before);
  });

  it('hears nothing of the environment, where AC_* variables would move the app elsewhere', async () => {
    const { descriptor } = await renderApart({
      AC_LOCAL_BASE_URL: 'https://evil.example',
      AC_APP_KEY: 'com.evil',
      AC_OPTS: 'no-auth',
    });
    expect(descriptor).toMatchObject({ key: 'com.tandem.jira', baseUrl: 'https://tandem.example.com' });
  });

  it('stops the start when the file is not our descriptor', async () => {
    await expect(renderDescriptor(task({ descriptorPath: file('package.json') }))).rejects.toThrow();
  });
});
