#!/bin/sh
# The whole grid of e5-small on one GPU, from tokenised data: four tasks, twelve heads, three seeds.
#
# On a computer with the data:   python -m dlfa sweep --task xnli paws-x ner pos --prepare shards
# Carry over this repository and the folder shards (55 MB; no file over 64 MiB), then here:
#
#     sh examples/grid/one_gpu.sh shards results [PROCESSES]
#
# Stopped at any time, also by kill -9, it goes on where it was; what is done so far is packed even
# then. results gets the store as at most 8 files of at most 15 MB:
#
#     cat results/grid.tar.gz.* | tar xz      gives the folder grid back, which goes on elsewhere:
#     python -m dlfa sweep --task xnli paws-x ner pos --store grid
#
# What it needs: torch, transformers, peft, accelerate, pyarrow, filelock, psutil, regex, budoux,
# safetensors, jaxtyping, babel, and for e5-small no network; neither datasets nor streamlit.
set -eu
shards=$1 results=$2 processes=${3:-}
here=$(mktemp -d)
store=${GRID_STORE:-$here/grid}
mkdir -p "$results"

pack() {
    rm -f "$results"/grid.tar.gz.*
    tar c --exclude=.work --exclude=.lock --exclude='.saving-*' \
        -C "$(dirname "$store")" "$(basename "$store")" |
        gzip -9 | split -b 15000000 - "$results/grid.tar.gz."
}
trap pack EXIT
trap 'exit 130' INT TERM

mkdir -p "$store"
${PYTHON:-python} -m dlfa sweep --task xnli paws-x ner pos --backbone e5-small --recipe paper \
    --heads all --seeds 3 --shards "$shards" --store "$store" \
    ${processes:+--side-by-side "$processes"} ${GRID_OPTIONS:-}
