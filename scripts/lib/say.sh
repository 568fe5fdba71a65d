# Messages for people go to stderr: stdout may be read by a program.

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  return 1
}
