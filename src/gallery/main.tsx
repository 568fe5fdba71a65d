import { render } from 'preact';
import { App, stored, type Settings } from './app';

const { dataset } = document.body;

const settings: Settings = {
  base: dataset['base'] ?? '',
  title: dataset['title'] ?? '',
  hasLogout: dataset['logout'] !== undefined,
  hasThumbnails: dataset['thumbnails'] !== undefined,
  assets: { zoom: dataset['zoom'] ?? '', hashWorker: dataset['hashWorker'] ?? '' },
};

const theme = stored('reso.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;

// Until here the page without scripts was to be seen.
const style = document.createElement('link');
style.rel = 'stylesheet';
style.href = dataset['style'] ?? '';
style.onload = () => {
  document.getElementById('plain')?.remove();
  document.body.replaceChildren();
  render(<App settings={settings} />, document.body);
};
document.head.append(style);
