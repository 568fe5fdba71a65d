export type { Part } from './part';
export type { WaitOptions } from './flight';
export type { Recipe } from './recipe';
export type { Rendition } from './rendition';
export { openRenderer, type RenderCounts, type Renderer, type RendererOptions } from './renderer';
export type { OpenedImage } from './spool';
export type { OpenedSource, OpenSource, RenderRequest, Source } from './source';
