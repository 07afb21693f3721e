#!/usr/bin/env bash
# Counts the instructions of one verification beyond the hash, under callgrind, and fails above the gates. The same figure on every run,
# however busy the machine is. Valgrind hides the SHA instructions, so that the hash runs in software: the bare HMAC of the same base
# string, counted alike, is subtracted. A figure is the difference of 300 and of 100 iterations, divided by 200. Last, a wrong signature must
# take as many instructions wherever it differs from the right one, so that its refusal tells nothing of the right one.
#
#   benches/instructions.sh [BINARY]     the binary of the bench `instructions`; built when it is not given
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "instructions: valgrind is not installed: skipped"; exit 0; }

binary=${1:-$(cargo bench --locked --no-run --bench instructions 2>&1 | tee >(cat >&2) | sed -n 's/.*(\(.*instructions-[0-9a-f]*\)).*/\1/p')}
[ -x "$binary" ] || { echo "instructions: no binary was built"; exit 2; }

total() { # candidate shape iterations
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$binary" "$@" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
each() { echo $((($(total "$1" "$2" 300) - $(total "$1" "$2" 100)) / 200)); }

missed=0
printf '%-16s %-10s %12s %12s %8s\n' shape candidate bare beyond gate
while read -r shape gate; do
    bare=$(each bare "$shape")
    for dialect in rfc5849 laminas; do
        beyond=$(($(each "$dialect" "$shape") - bare))
        verdict=met
        if [ "$gate" = - ]; then verdict=; elif [ "$beyond" -gt "$gate" ]; then verdict=MISSED missed=1; fi
        printf '%-16s %-10s %12d %12d %8s %s\n' "$shape" "$dialect" "$bare" "$beyond" "$gate" "$verdict"
    done
done <<'GATES'
small-get 7000
form-post 15000
search-get 60000
search-get-raw -
GATES

printf '\n%-28s %12s\n' 'refusal, a wrong character' instructions
declare -A refusals=()
for place in first middle last; do
    count=$(each "wrong-$place" small-get)
    refusals[$count]=$place
    printf '%-28s %12d\n' "$place" "$count"
done
if [ "${#refusals[@]}" -ne 1 ]; then echo "the refusal depends on where the signature differs: MISSED"; missed=1; fi
exit "$missed"
