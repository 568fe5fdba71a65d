import { STYLE_NAME } from '../assets';
import type { WebContext } from '../options';
import { markup, type Html } from './html';

export interface PageExtras {
  /** Additional elements for the head of the page. */
  readonly head?: Html | undefined;
  /** Attributes of the body element. */
  readonly attributes?: Html | undefined;
}

/** A complete page with `body`. */
export function layout(
  { basePath }: Pick<WebContext, 'basePath'>,
  title: string,
  body: Html,
  { head, attributes }: PageExtras = {},
): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link id="plain" rel="stylesheet" href="${basePath}/assets/${STYLE_NAME}">
${head}
</head>
<body${attributes}>
${body}
</body>
</html>
`.text;
}
