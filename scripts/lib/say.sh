# What the scripts tell people goes to stderr: stdout may be read by a program.

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  return 1
}
