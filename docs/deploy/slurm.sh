#!/bin/bash
# FOOTHOLD_STORAGE=postgres://me@database/lab sbatch slurm.sh; the password is in ~/.pgpass.
#SBATCH --job-name=foothold-train
#SBATCH --array=1-8
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@300
#SBATCH --output=foothold-%A_%a.log
set -euo pipefail

# exec: the SIGTERM that comes 300 s before the end reaches the worker, which ends its trial or gives it back.
exec foothold worker --name train --space space.json --trials 40 --resources-per-trial gpu:1 --drain-timeout 240 \
  --run "node train.mjs --lr {lr} --width {width}"
