# docker compose and docker buildx, if the docker command lacks them. Debian 12 has neither; those of Debian 13 need only
# libc. They go into our own configuration folder: nothing is installed.

plugins_release=trixie

use_plugins() {
  local folder name
  has_plugin compose && has_plugin buildx && return
  folder=$(cache_folder)/docker
  copy_docker_configuration "$folder"
  export DOCKER_CONFIG=$folder
  for name in compose buildx; do
    has_plugin "$name" || fetch_plugin "$name" "$folder/cli-plugins" || return
  done
}

has_plugin() { docker "$1" version >/dev/null 2>&1; }

# Keep the user's own configuration.
copy_docker_configuration() {
  local own=${DOCKER_CONFIG:-${HOME:-/root}/.docker} part
  mkdir -p "$1/cli-plugins"
  [ "$own" != "$1" ] || return 0
  for part in config.json contexts; do
    if [ -e "$own/$part" ]; then ln -sfn "$own/$part" "$1/$part"; else rm -f "$1/$part"; fi
  done
  [ ! -d "$own/cli-plugins" ] || find "$own/cli-plugins" -maxdepth 1 -name 'docker-*' -exec ln -sfn -t "$1/cli-plugins" {} +
}

fetch_plugin() {
  local name=docker-$1 target=$2 work
  have_debian_tools || fail "docker $1 is missing. Install Docker's $1 plugin." || return
  say "docker $1 is missing. Unpacking it from Debian's package $name into $target."
  make_scratch plugin && unpack_plugin "$work" "$name" "$target" || fail "can't download $name"
}

unpack_plugin() {
  local work=$1 name=$2 target=$3
  mkdir "$work/root"
  open_release "$work" "$plugins_release" &&
    fetch_alone "$work" "$name" &&
    unpack_debs "$work" "$work/root" &&
    find "$work/root" -type f -name "$name" -path '*cli-plugins*' -exec install -m 755 -t "$target" {} + &&
    [ -x "$target/$name" ]
}
