# Temporary folders, removed when the script ends, however it ends.

scratch=

# make_scratch NAME: sets $work to an empty folder.
make_scratch() {
  [ -n "$scratch" ] || scratch=$(mktemp -d "${TMPDIR:-/tmp}/reso-setup.XXXXXX") || return
  work=$scratch/$1
  rm -rf "$work" && mkdir "$work"
}

remove_scratch() {
  [ -z "$scratch" ] || rm -rf "$scratch"
  scratch=
}
