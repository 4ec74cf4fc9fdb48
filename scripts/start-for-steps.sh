#!/usr/bin/env bash
# Starts the simulator for the steps of a job that follow, and tells them where it is: see action.yml.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
port=${PORT_FOR_STEPS:-8000}
key=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
echo "::add-mask::$key"
flags=(--port "$port" --no-latency)
[ -z "${CONFIG:-}" ] || flags+=(--config "$PWD/$CONFIG")
log=$(mktemp)
# It outlives this step: run.mjs would end it with the npm that a step may have been started by.
SIMULATOR_API_KEY=$key nohup env -u npm_lifecycle_event -u PORT_FOR_STEPS node "$root/scripts/run.mjs" start "${flags[@]}" >"$log" 2>&1 </dev/null &
pid=$!
url=http://127.0.0.1:$port
until curl -fsS -o /dev/null "$url/" 2>/dev/null; do
  kill -0 "$pid" 2>/dev/null || { cat "$log"; exit 1; }
  sleep 0.2
done
echo "$pid" >"${RUNNER_TEMP:-/tmp}/aoai-simulator.pid"
{ echo "AOAI_SIMULATOR_URL=$url"; echo "AOAI_SIMULATOR_KEY=$key"; } >>"$GITHUB_ENV"
echo "url=$url" >>"$GITHUB_OUTPUT"
