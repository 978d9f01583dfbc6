#!/usr/bin/env bash
# The runs that are too long for every change: many times as much of what the tests take samples of. About two hours on two quiet cores.
# Name runs to make only those: bench/long-runs.sh simulator kills. Prints a table; put it into bench/LONG-RUNS.md.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
wanted=" $* "

# run NAME WHAT PROJECT [FILTER]: with the environment that precedes it.
run() {
  [ "$wanted" = '  ' ] || [[ "$wanted" == *" $1 "* ]] || return 0
  local began=$SECONDS
  dotnet test -c Release "tests/$3" ${4:+--filter "$4"} >"$log" 2>&1
  local code=$?
  local total
  total=$(grep -oE '(Failed: +[0-9]+, Passed: +[0-9]+)' "$log" | tail -1 | tr -s ' ')
  printf '| %s | %s | %s | %d min |\n' "$1" "$2" "${total:-not run}" $(((SECONDS - began + 30) / 60))
  if [ "$code" -ne 0 ]; then
    failed=1
    grep -E -A12 'Error Message|error ' "$log" >&2
  fi
}

dotnet build -c Release OrleansLake.sln -v q || exit 1
printf '%s, %s\n\n| run | what | tests | time |\n|---|---|---|---|\n' "$(date -u +%F)" "$(git rev-parse --short HEAD)"
LAKE_SIMULATE_TIMES=16 LAKE_SIMULATE_SEEDS=6400 run simulator '16 times as many places to crash and operations to fail' OrleansLake.Simulation
ORLEANSLAKE_FUZZ_INPUTS=2000000 run fuzz-text '2 M damaged texts of each kind' OrleansLake.Core.Tests Fuzz
ORLEANSLAKE_FUZZ_INPUTS=300000 run fuzz-parquet '300,000 damaged Parquet files' OrleansLake.Parquet.Tests Fuzz
LAKE_CRASH_KILLS=1000 run kills '1,000 times SIGKILL of one process' OrleansLake.Crash.Tests
ORLEANSLAKE_SOURCE_MOVES=100 run source-moves '100 times SIGKILL and stop of silos that read a topic' OrleansLake.Silo.Tests SourceKillTests
ORLEANSLAKE_SERVE_KILLS=100 run serve-kills '100 times SIGKILL of `lake serve` that reads a topic' OrleansLake.Server.Tests KafkaSourceTests.Each_record
ORLEANSLAKE_QUEUE_MOVES=50 run queue-moves '50 times SIGKILL and stop of silos that share a queue' OrleansLake.Silo.Tests QueueKillTests
ORLEANSLAKE_KILLS=30 run silo-kills '30 times SIGKILL of silos, in a folder and in Azurite' OrleansLake.Silo.Tests Silo.Tests.KillTests
exit $failed
