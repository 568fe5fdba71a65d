# The packages of package-lock.json, installed only where they are missing or others.

use_dependencies() {
  { command -v node && command -v npm; } >/dev/null || fail "Node.js 20 or newer and npm are needed." || return
  node "$scripts/lib/dependencies-current.js" && return
  say "Installing the packages of package-lock.json into node_modules (npm ci)."
  npm ci --ignore-scripts --no-audit --no-fund
}
