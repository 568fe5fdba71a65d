# zsh, fish and man, with which tests complete command lines and read the manual page. bash is there.

use_shells() {
  local missing=() program
  for program in zsh fish man groff; do command -v "$program" >/dev/null || missing+=("$program"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  { is_root && have_debian_tools; } || fail "${missing[*]} missing: install them. Tests complete command lines and read the manual page with them." || return
  say "Installing Debian's packages zsh, fish, man-db and groff-base (about 60 MB on disk): tests complete command lines and read the manual page with them."
  make_scratch apt || return
  quietly apt-get update || true # one source may fail; the installation decides
  quietly apt-get install --yes --no-install-recommends zsh fish man-db groff-base
}
