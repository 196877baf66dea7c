/* The host script of Connect takes jQuery and a few functions from AJS, as Jira's own pages have it. */
(() => {
  const escapeHtml = (text) => {
    const element = document.createElement('div');
    element.textContent = text ?? '';
    return element.innerHTML;
  };
  // The services of a real Jira that the script asks for: no feature is switched on, and nothing is measured.
  window.__FEATUREGATES_JS__ = { initializeCompleted: () => true, checkGate: () => false };
  window.require = () => ({ emitGasV3: () => undefined });
  window.AJS = { $: window.jQuery, escapeHtml, Meta: { get: () => undefined } };
})();
