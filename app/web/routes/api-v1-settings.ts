import { changeSettings as changeBody, type Settings } from '../../contract/set-ups.ts';
import { changeSettings, readSettings } from '../../sync/change-settings.ts';
import type { TenantSettings } from '../../sync/set-up-ports.ts';
import type { PersonHandler } from '../guards.ts';
import { callerOf, hasValue } from '../set-up-answers.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const viewSettings = ({ configuringGroups }: TenantSettings): Settings => ({ configuringGroups: [...configuringGroups] });

/** GET /api/v1/settings */
export const settingsGet =
  ({ setUp }: ApiPorts): PersonHandler =>
  async (context, request, response) => {
    const settings = await readSettings(setUp, callerOf(context));
    if (hasValue(request, response, settings)) response.json(viewSettings(settings.value));
  };

/** PUT /api/v1/settings */
export const settingsPut =
  ({ setUp }: ApiPorts): PersonHandler =>
  async (context, request, response) => {
    const body = bodyOf(changeBody, request, response);
    if (body === null) return;
    const changed = await changeSettings(setUp, callerOf(context), body.configuringGroups);
    if (hasValue(request, response, changed)) response.json(viewSettings(changed.value));
  };
