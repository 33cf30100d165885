#!/usr/bin/env bash
# Trains the shipped checkpoint from its two base encoders; see docs/training.md.
#   scripts/train.sh DATA MPNET MINILM RUNS [options of python -m stance.training]
# To be run from the project's folder. The checkpoint lands in RUNS/student/checkpoint. With
# "--device cuda" among the options runs that do not need each other are made at once; if one fails,
# all end. Started again, it goes on where it was.
set -euo pipefail
(( $# >= 4 )) || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
data=$1 mpnet=$2 minilm=$3 runs=$4
shift 4
options=" $* "

train() { # config, base, folder below RUNS, options; after exec= it is the process itself
    local config=stance/training/configs/$1.toml base=$2 out=$runs/$3
    shift 3
    ${exec:-} python -m stance.training "$config" --data "$data" --base "$base" --out "$out" "$@"
}

begun=0
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
begin() { # as train; in the background on a GPU
    if [[ $options == *" cuda "* ]]; then
        exec=exec train "$@" &
        begun=$((begun + 1))
    else
        train "$@"
    fi
}

finish() {
    for (( ; begun > 0; begun--)); do wait -n; done
}

begin words "$minilm" words "$@"
for seed in 1 2 3; do begin teacher "$mpnet" "teacher-$seed" "$@" --seed "$seed"; done
finish
# Its last stage is short and was made by one thread of a CPU: so it is here.
train student "$minilm" student "$@" --stages 2
train student "$minilm" student "$@" --device cpu --workers 0 --threads 1
