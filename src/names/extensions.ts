/** Extensions of images: files with one of these are served without being opened first. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  [
    'jpg jpeg jpe jfif jif png apng gif webp avif avifs heic heics heif heifs hif tif tiff bmp dib ico cur svg svgz',
    'jxl jp2 j2k j2c jpc jpf jpx jpm jpg2 jph jhc jxr wdp hdp psd psb exr hdr pic rgbe qoi tga icb vda vst dds ktx ktx2',
    'pbm pgm ppm pnm pam pfm xbm xpm pcx ras sgi rgb rgba bw wbmp bpg flif ff farbfeld fits fit xcf kra ora dcm',
    'emf wmf dng cr2 cr3 crw nef nrw arw srf sr2 orf raf rw2 rwl pef srw x3f erf kdc dcr mrw 3fr fff iiq mos',
  ]
    .join(' ')
    .split(' '),
);

export function hasImageExtension(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 && EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
}
