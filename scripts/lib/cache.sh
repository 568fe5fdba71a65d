# Where the scripts keep what a second run can reuse. Safe to delete while our engine is not running.

is_root() { [ "$(id -u)" -eq 0 ]; }

cache_folder() {
  if is_root; then
    echo /var/cache/reso-images
  else
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/reso-images"
  fi
}
