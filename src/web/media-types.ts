/** Media types that browsers and viewers know; everything else is sent as bytes. From IANA's registry, and RFC 9649. */
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  apng: 'image/apng',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  ico: 'image/vnd.microsoft.icon',
  heic: 'image/heic',
  heif: 'image/heif',
  jxl: 'image/jxl',
  jp2: 'image/jp2',
  jpx: 'image/jpx',
  jxr: 'image/jxr',
  psd: 'image/vnd.adobe.photoshop',
  djvu: 'image/vnd.djvu',
  djv: 'image/vnd.djvu',
  emf: 'image/emf',
  wmf: 'image/wmf',
  exr: 'image/x-exr',
  dng: 'image/x-adobe-dng',
  ktx: 'image/ktx',
  ktx2: 'image/ktx2',
  fits: 'image/fits',
  dcm: 'application/dicom',
};

/** From the extension alone: with `nosniff`, browsers rely on it. */
export function mediaTypeOf(name: string): string {
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return TYPES[extension] ?? 'application/octet-stream';
}
