/* The host of an app's page: makes the frame with the real Connect host script and answers the calls that Jira itself answers. */
(() => {
  const place = document.getElementById('app-frame');
  const page = JSON.parse(place.dataset.frame);
  const { connectHost } = window;

  /** Asks the site; a refusal becomes an error with the site's words. */
  const ask = async (path, request) => {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.problem);
    return answer;
  };
  const here = { projectKey: page.project.key, appKey: page.appKey, moduleKey: page.moduleKey };
  const token = async () => (await ask('/pages/apps/token', here)).token;

  const flag = ({ id, title, body, actions, onClose, close, type }) => {
    const box = document.createElement('section');
    box.className = `flag flag-${type}`;
    box.setAttribute('role', 'alert');
    const head = document.createElement('header');
    const words = document.createElement('span');
    words.textContent = title ?? '';
    const shut = document.createElement('button');
    shut.className = 'link';
    shut.textContent = '×';
    shut.setAttribute('aria-label', 'Dismiss');
    const text = document.createElement('p');
    text.textContent = body ?? '';
    head.append(words, shut);
    box.append(head, text);
    const remove = () => {
      if (!box.isConnected) return;
      box.remove();
      onClose(id);
    };
    for (const action of actions) {
      const button = document.createElement('button');
      button.className = 'link';
      button.textContent = action.actionText;
      button.addEventListener('click', action.executeAction);
      box.append(button);
    }
    shut.addEventListener('click', remove);
    if (close === 'auto') setTimeout(remove, 5000);
    document.getElementById('flags').append(box);
    return { close: remove };
  };

  /** A frame of the app, signed for this moment. */
  const frame = async (moduleKey, dialog, options) => {
    const { url } = await ask('/pages/apps/frame', { ...here, moduleKey, dialog });
    const contextJwt = await token();
    return connectHost.create({
      addon_key: page.appKey,
      key: moduleKey,
      url,
      options: {
        contextJwt,
        productContext: { 'project.id': page.project.id, 'project.key': page.project.key },
        hostOrigin: location.origin,
        ...options,
      },
    });
  };

  const SIZES = {
    small: ['400px', '200px'],
    medium: ['600px', '400px'],
    large: ['800px', '600px'],
    xlarge: ['968px', '600px'],
    fullscreen: ['95vw', '90vh'],
    maximum: ['95vw', '90vh'],
  };
  let opened = null;
  const dialogButton = (action) => {
    const button = document.createElement('button');
    button.textContent = action.text ?? action.name ?? action.identifier;
    button.dataset.identifier = action.identifier;
    button.disabled = Boolean(action.disabled);
    button.hidden = Boolean(action.hidden);
    button.classList.toggle('primary', action.identifier === 'submit');
    button.addEventListener('click', () => action.onClick());
    return button;
  };
  const findButton = (identifier) => opened?.box.querySelector(`[data-identifier="${CSS.escape(identifier)}"]`);
  const closeDialog = () => {
    const closing = opened;
    opened = null;
    closing?.box.remove();
  };
  const openDialog = (options, extension) => {
    closeDialog();
    const box = document.createElement('dialog');
    box.className = 'app-dialog';
    const [width, height] = SIZES[options.size] ?? [options.width ?? '600px', options.height ?? '400px'];
    box.style.width = width;
    box.style.height = height;
    const head = document.createElement('header');
    head.textContent = options.header ?? '';
    const foot = document.createElement('footer');
    foot.append(...(options.actions ?? []).map(dialogButton));
    if (options.header) box.append(head);
    if (options.chrome) box.append(foot);
    box.addEventListener('cancel', (event) => {
      event.preventDefault();
      if (options.closeOnEscape !== false) connectHost.dialog.close(extension.addon_key);
    });
    document.body.append(box);
    box.showModal();
    opened = { box, appKey: extension.addon_key };
    frame(extension.key, true, { ...extension.options, isDialog: true, dialogId: options.id }).then(
      ($frame) => box.insertBefore($frame[0], options.chrome ? foot : null),
      (error) => {
        head.textContent = error.message;
      },
    );
  };
  const dialogs = {
    create: openDialog,
    close: closeDialog,
    isActiveDialog: (appKey) => opened?.appKey === appKey,
    createButton: (action) => opened?.box.querySelector('footer')?.append(dialogButton(action)),
    isButtonDisabled: (identifier) => Boolean(findButton(identifier)?.disabled),
    setButtonDisabled: (identifier, disabled) => {
      const button = findButton(identifier);
      if (button) button.disabled = disabled;
    },
    toggleButton: (identifier) => {
      const button = findButton(identifier);
      if (button) button.disabled = !button.disabled;
    },
    isButtonHidden: (identifier) => Boolean(findButton(identifier)?.hidden),
    setButtonHidden: (identifier, hidden) => {
      const button = findButton(identifier);
      if (button) button.hidden = hidden;
    },
  };

  const provide = (name, provider) =>
    connectHost
      .getFrameworkAdaptor()
      .registerModule({ getModuleRegistrationName: () => name, isEnabled: () => true, getProvider: () => provider });
  provide('flag', { create: flag });
  provide('dialog', dialogs);

  const TARGETS = {
    issue: ({ issueKey }) => `/browse/${issueKey}`,
    projectAdminTabPanel: ({ projectKey, addonModuleKey, moduleKey }) =>
      `/projects/${projectKey}/settings/apps/${addonModuleKey ?? moduleKey}`,
    addonModule: ({ moduleKey }) => `/projects/${page.project.key}/settings/apps/${moduleKey}`,
    dashboard: () => '/',
    site: ({ relativeUrl }) => relativeUrl,
  };
  /** Only addresses of this site. */
  const go = (target, context = {}) => {
    const path = TARGETS[target]?.(context);
    if (typeof path === 'string' && /^\/(?![/\\])/.test(path)) location.assign(path);
    else
      flag({
        title: 'The simulated site has no such page',
        body: String(target),
        actions: [],
        onClose: () => undefined,
        type: 'warning',
      });
  };

  connectHost.defineModule('context', {
    getToken: (callback) => token().then(callback),
    getContext: (callback) => callback({ jira: { project: page.project }, license: { active: false } }),
  });
  connectHost.defineModule('user', {
    getCurrentUser: (callback) => callback({ atlassianAccountId: page.accountId }),
    getLocale: (callback) => callback('en_US'),
    getTimeZone: (callback) => callback('Etc/UTC'),
  });
  connectHost.defineModule('navigator', {
    go: (target, context) => go(target, typeof context === 'function' ? {} : context),
    reload: () => location.reload(),
    getLocation: (callback) =>
      callback({
        target: 'projectAdminTabPanel',
        context: { projectKey: page.project.key, addonKey: page.appKey, moduleKey: page.moduleKey },
      }),
  });
  const state = () => decodeURIComponent(location.hash.replace(/^#!?/, ''));
  const address = (next) => `#!${encodeURIComponent(next)}`;
  connectHost.defineModule('history', {
    getState: (...given) => given.at(-1)(state()),
    go: (steps) => history.go(steps),
    back: () => history.back(),
    forward: () => history.forward(),
    pushState: (next) => history.pushState(null, '', address(next)),
    replaceState: (next) => history.replaceState(null, '', address(next)),
  });
  addEventListener('popstate', () =>
    connectHost.broadcastEvent('history_popstate', { addon_key: page.appKey }, { newURL: state() }),
  );
  /** Jira sends the app's requests on as the person who looks; the simulated site refuses them all. */
  const request = () =>
    Promise.reject({
      xhr: {
        status: 403,
        statusText: 'Forbidden',
        responseText: 'The simulated site takes no requests from app pages: send them from the app.',
      },
    });
  request.returnsPromise = true;
  connectHost.defineModule({ request });

  frame(page.moduleKey, false, { moduleType: 'jiraProjectAdminTabPanels' }).then(
    ($frame) => place.append($frame[0]),
    (error) => {
      place.textContent = error.message;
    },
  );
})();
