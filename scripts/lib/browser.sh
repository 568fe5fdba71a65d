# Chromium, in which tests look at the gallery. Without a font it draws no text.

use_browser() {
  local missing=()
  command -v "${CHROMIUM:-chromium}" >/dev/null || missing+=(chromium)
  have_font || missing+=(fonts-dejavu-core)
  [ ${#missing[@]} -gt 0 ] || return 0
  { is_root && have_debian_tools; } || fail "${missing[*]} missing: install them, or set CHROMIUM to the path of a Chromium. Tests look at the gallery with it." || return
  say "Installing Debian's packages ${missing[*]} (Chromium: about 400 MB on disk): tests look at the gallery with them."
  make_scratch apt || return
  quietly apt-get update || true # one source may fail; the installation decides
  quietly apt-get install --yes --no-install-recommends "${missing[@]}"
}

have_font() { [ -n "$(find /usr/share/fonts -name '*.[ot]tf' -print -quit 2>/dev/null)" ]; }
