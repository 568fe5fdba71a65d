# Testcontainers clears up with a helper image. Where that is neither here nor to be pulled, it must be told to do without.

use_reaper() {
  local image
  [ -z "${TESTCONTAINERS_RYUK_DISABLED:-}" ] || return 0
  image=$(reaper_image) || return 0
  has_image "$image" && return
  # Where no registry answered for the base image, none is asked again.
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
