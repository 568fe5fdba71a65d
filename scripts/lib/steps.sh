# Steps of a run: each is timed and its exit code recorded; a failing step does not stop the others.

results=.test-results
step_child=

clear_results() {
  rm -rf "$results" && mkdir -p "$results"
}

# step NAME COMMAND...
step() {
  local name=$1 status=0 started=$SECONDS
  shift
  say "$name"
  "$@" || status=$?
  printf '%s\t%s\t%s\n' "$name" "$status" "$((SECONDS - started))" >>"$results/steps"
  return "$status"
}

# Runs a program in its own process group, so that a signal to this script ends it and everything that it started.
run() {
  local status=0
  setsid "$@" </dev/null &
  step_child=$!
  wait "$step_child" || status=$?
  step_child=
  return "$status"
}

end_step_child() {
  local deadline=$((SECONDS + 10))
  [ -n "$step_child" ] || return 0
  kill -- "-$step_child" 2>/dev/null
  while kill -0 -- "-$step_child" 2>/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || kill -KILL -- "-$step_child" 2>/dev/null
    sleep 0.1
  done
}

print_summary() {
  local name status seconds
  echo
  while IFS=$'\t' read -r name status seconds; do
    [ "$status" -eq 0 ] && status=ok || status="failed (exit code $status)"
    printf '%-12s %5s s  %s\n' "$name" "$seconds" "$status"
  done <"$results/steps"
  node "$scripts/lib/tally.js" "$results"
}
