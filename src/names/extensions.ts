/** Extensions of images: files with one of these are served without checking their contents. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  [
    // JPEG and its family
    'jpg jpeg jpe jfif jif jfi jps mpo thm insp jls jxl jp2 j2k j2c jpc jpf jpx jpm jpg2 jph jhc jxr wdp hdp jxs',
    // On the web
    'png apng mng jng gif webp avif avifs heic heics heif heifs hif avci avcs svg svgz ico cur bpg flif qoi',
    // For editing, printing and old systems
    'tif tiff bmp dib psd psb xcf kra ora pcx dcx tga icb vda vst pic pict pct iff ilbm lbm icns ras sun sgi rgb rgba bw',
    'emf wmf wbmp xbm xpm xwd pbm pgm ppm pnm pam pfm ff farbfeld jbig jbg jb2 jbig2 djvu djv rla rpf',
    // Film and high dynamic range
    'exr hdr rgbe xyze dpx cin',
    // Textures
    'dds ktx ktx2 astc pkm pvr vtf blp',
    // Science: astronomy, medicine, microscopes and their whole slides, satellites
    'fits fit fts fz dcm dicom dic nii nrrd nhdr mha mhd mnc vicar ntf nitf sid ecw',
    'svs ndpi scn mrxs vms vmu bif svslide czi lif lsm stk nd2 oib oif vsi zvi dm3 dm4 mrc',
    // Camera raw: Adobe, Apple, ARRI, Canon, Casio, Epson, Fujifilm, GoPro
    'dng qtk ari cr2 cr3 crw bay erf raf gpr',
    // Hasselblad and Imacon, Kodak, Leaf, Leica, Logitech, Mamiya, Minolta, Nikon
    '3fr fff dcr dcs drf k25 kc2 kdc mos rwl pxn mef mfw mdc mrw nef nrw',
    // Olympus, Panasonic, Pentax, Phase One, Ricoh and Rollei, Samsung, Sigma, Sinar, Sony; others, and several of these
    'orf ori rw2 pef ptx cap eip iiq rdc srw x3f cs1 sti arw sr2 srf bmq rwz raw',
  ]
    .join(' ')
    .split(' '),
);

export function hasImageExtension(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 && EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
}
