# Debian packages of any release, fetched without installing anything, from the mirrors this machine already uses.

# open_release FOLDER RELEASE: package lists of that release in FOLDER; nothing of the machine's own is touched.
open_release() {
  local folder=$1 release=$2
  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  : >"$folder/status"
  node "$scripts/lib/debian-sources.js" "$release" >"$folder/debian.sources" || return
  private_apt "$folder" update || true # one mirror may fail; what is fetched next decides
}

# fetch_with_dependencies FOLDER PACKAGE...: all that a system without any package would need, into FOLDER/archives.
fetch_with_dependencies() {
  local folder=$1
  shift
  private_apt "$folder" install --yes --no-install-recommends --download-only "$@"
}

# fetch_alone FOLDER PACKAGE...: just these, into FOLDER/archives.
fetch_alone() {
  local folder=$1
  shift
  (cd "$folder/archives" && private_apt "$folder" download "$@")
}

private_apt() {
  local folder=$1
  shift
  apt-get -qq \
    -o Dir::Etc::sourcelist="$folder/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State::lists="$folder/lists" -o Dir::State::status="$folder/status" \
    -o Dir::State::extended_states="$folder/extended" \
    -o Dir::Cache="$folder" -o Dir::Cache::archives=archives \
    -o APT::Sandbox::User= -o Debug::NoLocking=1 \
    -o Acquire::Languages=none -o Acquire::Retries=3 \
    "$@" </dev/null >"$folder/apt.log" 2>&1 || {
    cat "$folder/apt.log" >&2
    return 1
  }
}

# unpack_debs FOLDER ROOT: their files, without running anything of theirs.
unpack_debs() {
  local deb
  for deb in "$1"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -p --keep-directory-symlink -C "$2" || return
  done
}

have_debian_tools() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null
}
