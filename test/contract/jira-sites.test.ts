import { JIRA_WORLDS, openJiraWorld } from '../jira-worlds.ts';
import { describeJira } from './jira.contract.ts';

for (const name of JIRA_WORLDS) describeJira(name, () => openJiraWorld(name));
