import { render } from 'preact';
import { App } from './app';
import { applyTheme } from './preferences';
import { settingsOf } from './settings';

applyTheme();
const settings = settingsOf(document.body, location.hostname);

// Until now, the page without scripts was visible.
const style = document.createElement('link');
style.rel = 'stylesheet';
style.href = settings.assets.style;
style.onload = () => {
  document.getElementById('plain')?.remove();
  document.body.replaceChildren();
  render(<App settings={settings} />, document.body);
};
document.head.append(style);
