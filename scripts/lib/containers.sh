# Everything that the container tests need. They read the variables that it exports.

use_containers() {
  use_or_start_engine && use_plugins && use_base_image && use_reaper
}

container_variables() {
  local name
  for name in DOCKER_HOST DOCKER_CONFIG RESO_BASE_IMAGE TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE TESTCONTAINERS_RYUK_DISABLED; do
    [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
  done
}
