/** Made by the `tandem-design-tokens` plugin in vite.config.ts. */
declare module 'virtual:design-tokens.css';
