#!/bin/sh
# Instructions and system calls per operation, exact on any machine and under any load.
#
# A row's block is run once and twice under valgrind's callgrind; the difference is one
# block, with no start-up in it. The io_uring runtimes are left out: valgrind's kernel
# interface does not know all of io_uring.
#
# usage: benches/callgrind.sh [ROW ...]     rows as in the table: 2, 3a, "4 socket", …
set -eu
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || {
    echo "callgrind.sh needs valgrind (Debian: apt-get install valgrind)" >&2
    exit 1
}

# Prints the program of a bench.
program() {
    cargo bench -p kettle-benches --no-default-features --bench "$1" --no-run \
        --message-format=json 2>/dev/null |
        sed -n 's/.*"executable":"\([^"]*\/'"$1"'-[^"]*\)".*/\1/p' | tail -1
}
executor=$(program executor)
time=$(program time)
sync=$(program sync)
compose=$(program compose)
[ -n "$executor" ] && [ -n "$time" ] && [ -n "$sync" ] && [ -n "$compose" ] || {
    echo "the benchmarks do not build; see cargo bench -p kettle-benches --no-run" >&2
    exit 1
}
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# Prints "instructions calls operations" of one side's blocks, if the row has the side.
collect() {
    said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --collect-systime=nsec "$bench" --one "$1" "$2" "$3" 2>"$output") || return 1
    set -- "${said#* }" $(sed -n 's/.*Collected : //p' "$output")
    echo "$2 $3 $1"
}

[ $# -gt 0 ] || set -- 1 2 3a 4 "4 socket" "4 plain"
printf '%-11s %-15s %13s %13s   per operation\n' row side instructions 'system calls'
for row in "$@"; do
    case $row in
    10*) bench=$time ;;
    [5-8]*) bench=$sync ;;
    9*) bench=$compose ;;
    *) bench=$executor ;;
    esac
    for side in Kettle tokio "tokio on Kettle" async-executor smol futures async-lock \
        futures-lite local-sync "raw limit"; do
        one=$(collect "$row" "$side" 1) && two=$(collect "$row" "$side" 2) || continue
        echo "$one $two" | awk -v row="$row" -v side="$side" '{
            printf "%-11s %-15s %13.1f %13.4f\n", row, side, ($4 - $1) / $3, ($5 - $2) / $3
        }'
    done
done
