# Testcontainers cleans up with a helper image. If that is neither present nor can be pulled, it must do without.

use_reaper() {
  local image
  [ -z "${TESTCONTAINERS_RYUK_DISABLED:-}" ] || return 0
  image=$(reaper_image) || return 0
  has_image "$image" && return
  # If no registry answered for the base image, don't try again.
  if is_stand_in "${RESO_BASE_IMAGE:-$base_image}" || ! pull_image "$image"; then
    export TESTCONTAINERS_RYUK_DISABLED=true
  fi
}

is_stand_in() {
  docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.description"}}' "$1" 2>/dev/null | grep -q '^stand-in'
}

reaper_image() {
  (cd "$scripts/.." && node -p "require('testcontainers/build/reaper/reaper').REAPER_IMAGE") 2>/dev/null
}
