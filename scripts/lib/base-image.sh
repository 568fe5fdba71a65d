# The base image of our Dockerfiles: the official one or, if that can't be pulled, our stand-in, made of Debian packages
# and of node and npm from npm.

base_image=node:24-bookworm-slim
stand_in_image=reso-standin-node:24
stand_in_release=bookworm
stand_in_node=24
stand_in_npm=11

use_base_image() {
  [ -z "${RESO_BASE_IMAGE:-}" ] || return 0
  has_image "$base_image" && return
  # Only on our own engine may the stand-in have the official name.
  if [ "$engine_is_ours" != yes ] && has_image "$stand_in_image"; then
    export RESO_BASE_IMAGE=$stand_in_image
  elif ! pull_image "$base_image"; then
    make_stand_in
  fi
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

pull_image() {
  say "Pulling $1."
  timeout "${RESO_PULL_TIMEOUT:-180}" docker pull --quiet "$1" </dev/null >/dev/null 2>&1
}

make_stand_in() {
  local name=$stand_in_image work
  [ "$engine_is_ours" != yes ] || name=$base_image
  say "Can't pull $base_image. Building a stand-in as $name, from Debian packages and npm."
  have_debian_tools || fail "no registry answers, and a stand-in can only be built on Debian. Load $base_image by hand." || return
  make_scratch stand-in && fill_stand_in "$work" && import_stand_in "$work" "$name" ||
    fail "can't build the stand-in" || return
  [ "$name" = "$base_image" ] || export RESO_BASE_IMAGE=$name
}

fill_stand_in() {
  local work=$1 root=$1/root
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64,local/bin,local/lib/node_modules}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root/"
  ln -s mawk "$root/usr/bin/awk"
  open_release "$work" "$stand_in_release" &&
    fetch_with_dependencies "$work" '?essential' libstdc++6 ca-certificates usr-is-merged &&
    unpack_debs "$work" "$root" &&
    add_node "$work" "$root" && add_users "$root" && add_certificates "$root"
}

add_node() {
  local work=$1 root=$2 modules=$2/usr/local/lib/node_modules
  (cd "$work" && npm pack --silent "node-linux-$(node -p process.arch)@$stand_in_node" "npm@$stand_in_npm" >/dev/null) &&
    tar -xzf "$work"/node-linux-*.tgz -C "$work" package/bin/node &&
    install -m 755 "$work/package/bin/node" "$root/usr/local/bin/node" &&
    mkdir "$modules/npm" && tar -xzf "$work"/npm-*.tgz -C "$modules/npm" --strip-components=1 &&
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm" &&
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx" &&
    chmod 755 "$modules"/npm/bin/*.js
}

add_users() {
  local etc=$1/etc masters=$1/usr/share/base-passwd
  { cat "$masters/passwd.master" && echo 'node:x:1000:1000::/home/node:/bin/bash'; } >"$etc/passwd" &&
    { cat "$masters/group.master" && echo 'node:x:1000:'; } >"$etc/group"
}

# Behind a proxy that inspects TLS, npm in a build needs the certificates that this machine trusts.
add_certificates() {
  cat "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" ${NODE_EXTRA_CA_CERTS:+"$NODE_EXTRA_CA_CERTS"} \
    >"$1/etc/ssl/certs/ca-certificates.crt" 2>/dev/null || true
}

import_stand_in() {
  local work=$1 name=$2 home=$1/home/node
  mkdir -p "$home"
  tar -c --numeric-owner --owner=0 --group=0 -f "$work/image.tar" -C "$work/root" . &&
    tar -r --numeric-owner --owner=1000 --group=1000 -f "$work/image.tar" -C "$work" ./home/node &&
    docker import \
      --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
      --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' \
      --change 'LABEL org.opencontainers.image.description="stand-in for node:24-bookworm-slim, made where it could not be pulled"' \
      --change 'CMD ["node"]' \
      "$work/image.tar" "$name" >/dev/null
}
