#!/usr/bin/env bash
# Trains the shipped checkpoint from its two base encoders; see docs/training.md.
#   scripts/train.sh DATA MPNET MINILM RUNS [options of python -m stance.training]
# To be run from the project's folder. The checkpoint lands in RUNS/student/checkpoint. With
# "--device cuda" among the options runs that do not need each other are made at once. Started again
# (after all of them have ended), it goes on where it was.
set -euo pipefail
data=$1 mpnet=$2 minilm=$3 runs=$4
options=("${@:5}")

train() { # config, base, folder below RUNS, further options
    python -m stance.training "stance/training/configs/$1.toml" --data "$data" --base "$2" \
        --out "$runs/$3" "${options[@]}" "${@:4}"
}

begun=()
begin() { # as train; in the background on a GPU
    if [[ " ${options[*]} " == *" cuda "* ]]; then
        train "$@" &
        begun+=($!)
    else
        train "$@"
    fi
}

finish() {
    local run
    for run in ${begun[@]+"${begun[@]}"}; do wait "$run"; done
    begun=()
}

begin words "$minilm" words
for seed in 1 2 3; do begin teacher "$mpnet" "teacher-$seed" --seed "$seed"; done
finish
# Its last stage is short and was made on a CPU: so it is here.
train student "$minilm" student --stages 2
train student "$minilm" student --device cpu --workers 0
