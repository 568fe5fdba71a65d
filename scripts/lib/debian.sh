# Debian packages of any release, downloaded without installing anything, from the mirrors that this machine already uses.

# open_release FOLDER RELEASE: gets the package lists of that release into FOLDER, without touching the machine's own.
open_release() {
  local folder=$1 release=$2
  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  : >"$folder/status"
  node "$scripts/lib/debian-sources.js" "$release" >"$folder/debian.sources" || return
  private_apt "$folder" update || true # one mirror may fail; what is fetched next decides
}

# fetch_with_dependencies FOLDER PACKAGE...: downloads everything that an empty system would need into FOLDER/archives.
fetch_with_dependencies() {
  local folder=$1
  shift
  private_apt "$folder" install --yes --no-install-recommends --download-only "$@"
}

# fetch_alone FOLDER PACKAGE...: downloads only these into FOLDER/archives.
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

# unpack_debs FOLDER ROOT: unpacks their files without running their scripts.
unpack_debs() {
  local deb
  for deb in "$1"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -p --keep-directory-symlink -C "$2" || return
  done
}

have_debian_tools() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null
}
