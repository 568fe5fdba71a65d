# A Docker engine: the running one, or our own. Ours has its own socket and data, so it never conflicts with an engine that
# is installed later.

engine_run=/run/reso-images
engine_host=unix://$engine_run/docker.sock
engine_pid_file=$engine_run/engine.pid
engine_lock=$engine_run/lock
engine_keep=$engine_run/keep # present: left running until scripts/setup-engine --stop
engine_is_ours=

use_or_start_engine() {
  if engine_answers; then
    say "Using the running Docker engine (version $(engine_version))."
    return
  fi
  is_root || fail "no Docker engine answers ($(engine_complaint)). Run this as root to install one, or start an engine that your user may use." || return
  mkdir -p "$engine_run"
  exec 9>>"$engine_lock"
  flock -x 9
  use_own_engine && flock -s 9 # shared from here on: whoever leaves last stops it
}

engine_answers() { engine_version >/dev/null 2>&1; }
engine_version() { timeout 20 docker version --format '{{.Server.Version}}'; }
engine_complaint() { engine_version 2>&1 | tail -n 1; }

use_own_engine() {
  export DOCKER_HOST=$engine_host TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE=$engine_run/docker.sock
  unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  engine_is_ours=yes
  if engine_answers; then
    say "Using the Docker engine that an earlier run of these scripts started."
  else
    install_engine && prepare_control_groups && start_engine
  fi
}

install_engine() {
  local work
  command -v dockerd >/dev/null && command -v docker >/dev/null && command -v iptables >/dev/null && return
  have_debian_tools || fail "no Docker engine answers, and this is not Debian. Install Docker by hand." || return
  say "No Docker engine answers. Installing Debian's packages docker.io and iptables (about 300 MB on disk)."
  make_scratch apt || return
  (
    trap forbid_services_end EXIT
    forbid_services_begin
    quietly apt-get update || true # one source may fail; the installation decides
    quietly apt-get install --yes --no-install-recommends docker.io iptables
  )
}

# Debian starts services that it installs, but we start and stop our engine ourselves.
forbid_services_begin() {
  services_policy=/usr/sbin/policy-rc.d
  if [ -e "$services_policy" ]; then
    services_policy=
  else
    printf '#!/bin/sh\nexit 101\n' >"$services_policy"
    chmod +x "$services_policy"
  fi
}

forbid_services_end() {
  [ -z "${services_policy:-}" ] || rm -f "$services_policy"
}

# quietly APT-GET...: shows its output only if it fails.
quietly() {
  local log=$scratch/apt.log status=0
  DEBIAN_FRONTEND=noninteractive "$@" -o DPkg::Lock::Timeout=120 </dev/null >"$log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || tail -n 40 "$log" >&2
  return "$status"
}

# A machine without systemd may not have mounted them.
prepare_control_groups() {
  if grep -q '^[^ ]* /sys/fs/cgroup' /proc/mounts; then return; fi
  say "Mounting control groups at /sys/fs/cgroup, which the engine needs."
  mount -t cgroup2 none /sys/fs/cgroup
}

start_engine() {
  local data log=$engine_run/dockerd.log
  data=$(cache_folder)/engine
  mkdir -p "$data"
  say "Starting our own Docker engine (data in $data, log in $log)."
  # In its own session: Ctrl-C in this terminal must reach us first.
  setsid dockerd --host "$engine_host" --data-root "$data" --exec-root "$engine_run/exec" \
    --pidfile "$engine_run/docker.pid" </dev/null >"$log" 2>&1 9>&- &
  echo $! >"$engine_pid_file"
  wait_for_engine $! || {
    tail -n 20 "$log" >&2
    fail "the Docker engine did not start. The end of its log is above; the whole log is $log."
  }
}

wait_for_engine() {
  local pid=$1 deadline=$((SECONDS + 60))
  until engine_answers; do
    kill -0 "$pid" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ] || return
    sleep 0.2
  done
}

# Stops our engine, unless another run still uses it or it is to be kept.
leave_engine() {
  [ "$engine_is_ours" = yes ] || return 0
  engine_is_ours=
  [ -e "$engine_keep" ] && return
  if flock -x -n 9; then stop_engine; else say "Leaving the Docker engine running: another run still uses it."; fi
}

stop_engine() {
  local pid deadline=$((SECONDS + 30))
  pid=$(cat "$engine_pid_file" 2>/dev/null) || return 0
  grep -qsE '^(dockerd|setsid)$' "/proc/$pid/comm" || return 0
  say "Stopping the Docker engine that these scripts started."
  remove_leftovers
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
}

# On our own engine every container is ours.
remove_leftovers() {
  docker ps --all --quiet | xargs -r docker rm --force --volumes >/dev/null || true
  docker network prune --force >/dev/null || true
}
