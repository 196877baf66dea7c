/* The little that the pages do by themselves: ages of moments, forms that send themselves, and following changes. */
(() => {
  const POLL_MS = 1000;
  const UNITS = [
    ['year', 31536000],
    ['month', 2592000],
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

  const age = (iso) => {
    const seconds = Math.round((Date.parse(iso) - Date.now()) / 1000);
    const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
    return unit ? words.format(Math.round(seconds / unit[1]), unit[0]) : 'just now';
  };
  const showAges = () => {
    for (const time of document.querySelectorAll('time[data-ago]')) {
      time.title ||= time.textContent;
      time.textContent = age(time.dateTime);
    }
  };

  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submit-on-change]')) event.target.form.requestSubmit();
  });
  document.addEventListener('click', (event) => {
    if (event.target.matches('[data-close]')) event.target.closest('details').open = false;
  });
  document.addEventListener(
    'toggle',
    (event) => {
      if (event.target.matches('details[data-edit][open]'))
        event.target.querySelector('form input:not([type=hidden]), form textarea, form select')?.focus();
    },
    true,
  );
  document.addEventListener('keydown', (event) => {
    const open = event.target.closest?.('details[data-edit][open]');
    if (open && event.key === 'Escape') open.open = false;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches('textarea'))
      event.target.form.requestSubmit();
  });

  /** What one region says, without ages and hints that the browser added. */
  const content = (element) => {
    const copy = element.cloneNode(true);
    for (const time of copy.querySelectorAll('time[data-ago]')) time.replaceWith(time.dateTime);
    for (const arrived of copy.querySelectorAll('.arrived')) arrived.classList.remove('arrived');
    return copy.innerHTML.replaceAll(' class=""', '');
  };
  /** Marks what is new in a region: the rows or entries that were not there before, or all of it if it has none. */
  const markArrived = (before, after) => {
    const parts = (region) => [...region.querySelectorAll('tr[id], ol > li')];
    const known = new Set(parts(before).map(content));
    const fresh = parts(after).filter((part) => !known.has(content(part)));
    for (const part of parts(after).length > 0 ? fresh : [after]) part.classList.add('arrived');
  };
  const renew = (fresh) => {
    for (const after of fresh.querySelectorAll('[data-live-region]')) {
      const before = document.querySelector(`[data-live-region="${CSS.escape(after.dataset.liveRegion)}"]`);
      if (!before || before.querySelector('details[open]') || content(before) === content(after)) continue;
      markArrived(before, after);
      before.replaceWith(after);
    }
    const count = fresh.querySelector('.count');
    if (count) document.querySelector('.count')?.replaceWith(count);
  };

  /** Where this page can be read again: its own address, unless it answered a form. */
  const live = document.querySelector('[data-live]');
  const mark = document.querySelector('.live');
  const look = async () => {
    const answer = await fetch('/pages/version');
    const { version } = await answer.json();
    if (version === live.dataset.version) return;
    const response = await fetch(live.dataset.live);
    if (response.status === 404) return location.assign(live.dataset.live);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    renew(fresh);
    live.dataset.version = fresh.querySelector('[data-live]').dataset.version;
    showAges();
  };
  const reachable = (yes) => {
    mark.textContent = yes ? 'live' : 'not reachable';
    mark.classList.toggle('lost', !yes);
  };
  const follow = () =>
    look()
      .then(
        () => reachable(true),
        () => reachable(false),
      )
      .finally(() => setTimeout(follow, POLL_MS));

  showAges();
  setInterval(showAges, 20000);
  if (live) setTimeout(follow, POLL_MS);
})();
