# The packages of package-lock.json, installed only if they are missing or outdated.

use_dependencies() {
  { command -v node && command -v npm; } >/dev/null || fail "Node.js 20 or newer and npm are required." || return
  node "$scripts/lib/dependencies-current.js" && return
  say "Installing the dependencies (npm ci)."
  npm ci --ignore-scripts --no-audit --no-fund
}
