# strace, with which a test checks in which order the client writes and waits for the disk.

use_tracer() {
  command -v strace >/dev/null && return
  { is_root && have_debian_tools; } || fail "strace is missing. Install it: a test uses it to check system calls." || return
  say "Installing Debian's package strace (about 3 MB on disk), which a test uses to check system calls."
  make_scratch apt || return
  quietly apt-get update || true # one source may fail; the installation decides
  quietly apt-get install --yes --no-install-recommends strace
}
