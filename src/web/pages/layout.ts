import { STYLE_NAME } from '../assets';
import type { WebContext } from '../options';
import { markup, type Html } from './html';

/** A whole page with `body` in it. */
export function layout({ basePath }: Pick<WebContext, 'basePath'>, title: string, body: Html): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${basePath}/assets/${STYLE_NAME}" />
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
