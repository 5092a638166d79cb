#!/usr/bin/env bash
# Runs every check and measurement that wants a GPU, inside this folder and nowhere else.
#
#     ./run.sh [SECONDS]        at most so many seconds a call, 480 unless said otherwise
#
# A call that runs out of time ends with exit code 75: call it again, it goes on where it stopped.
# 0: everything is done and holds; 1: something does not hold; 3: there is no GPU that can be used.
# What comes back is log.txt and store.sqlite.
set -uo pipefail
cd "$(dirname "$0")"
here=$PWD
end=$(($(date +%s) + ${1:-480}))
left() { echo $((end - $(date +%s))); }
export HOME=$here/home XDG_CACHE_HOME=$here/cache TMPDIR=$here/tmp
mkdir -p home cache tmp state
exec > >(tee -a log.txt) 2>&1
echo "== call at $(date -u +%FT%TZ), $(left) seconds"

# Stages in order; one that is done leaves a file and is not done again.
stage() {
    name=$1
    shift
    [ -e "state/$name" ] && return 0
    if [ "$(left)" -lt 20 ]; then
        echo "time is up before $name: call again"
        exit 75
    fi
    echo "-- $name"
    "$@"
    code=$?
    # A time limit that was reached, a budget that was spent.
    case $code in 75 | 124 | 130) echo "time is up in $name: call again" && exit 75 ;; esac
    [ $code -eq 3 ] && exit 3
    echo $code > "state/$name"
}

doctor() { timeout "$(left)" ./bin/gc-bench doctor; }

conformance() { ./bin/gpu-check checks.txt $(($(left) - 15)); }

# Races and stray addresses of our own kernels, where a toolkit's or a wheel's sanitizer is on PATH.
sanitizer() {
    tool=$(command -v compute-sanitizer)
    [ -n "$tool" ] || { echo "compute-sanitizer is not here: skipped"; return 0; }
    for kind in memcheck racecheck; do
        timeout "$(left)" "$tool" --tool $kind --error-exitcode 9 ./bin/gpu-check \
            "sanitized-$kind.txt" 60 || echo "$kind ended with $?"
    done
}

training() {
    ./bin/gc-bench run specs/quickstart.spec --device cuda --db store.sqlite \
        --budget $(($(left) - 10))s
}

# Where there is no GPU for PyTorch its script says so, and gc-bench is measured by nobody.
measurements() {
    python=$(command -v python3 || command -v python) || { echo "no Python: skipped"; return 0; }
    "$python" peers/pytorch_gpu.py --program ./bin/gc-bench --specs specs --seconds 4 \
        --limit $(($(left) - 15)) --output speed.json
    code=$?
    [ $code -eq 3 ] && return 0
    return $code
}

stage doctor doctor
stage conformance conformance
stage training training
stage measurements measurements
stage sanitizer sanitizer
echo "== results: log.txt, checks.txt, speed.json, store.sqlite"
cat speed.json 2>/dev/null
bad=$(grep -L '^0$' state/conformance state/training 2>/dev/null)
[ -z "$bad" ] || { echo "does not hold: $bad"; exit 1; }
echo "everything is done and holds"
