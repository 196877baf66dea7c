/* The host script of Connect takes jQuery and a few functions from AJS, as Jira's own pages have it. */
(() => {
  const escapeHtml = (text) => {
    const element = document.createElement('div');
    element.textContent = text ?? '';
    return element.innerHTML;
  };
  window.AJS = { $: window.jQuery, escapeHtml, Meta: { get: () => undefined } };
})();
