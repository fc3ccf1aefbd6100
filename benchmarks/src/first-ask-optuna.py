"""Optuna's GPSampler behind the requests of `foothold ask-tell` that the first-ask bench sends: create, load, ask and tell.

One JSON object a line in, one a line out.
"""

import json
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
create_trial = optuna.trial.create_trial
study = space = asked = None
for line in sys.stdin:
    request = json.loads(line)
    answer = {"ok": True}
    if request["op"] == "create":
        sampler = optuna.samplers.GPSampler(seed=request["seed"])
        study = optuna.create_study(direction="minimize", sampler=sampler)
        space = {
            name: optuna.distributions.FloatDistribution(of["low"], of["high"])
            for name, of in request["space"].items()
        }
        answer["version"] = optuna.__version__
    elif request["op"] == "load":
        study.add_trials(
            [
                create_trial(params=trial["params"], distributions=space, value=trial["value"])
                for trial in request["trials"]
            ]
        )
    elif request["op"] == "ask":
        asked = study.ask(space)
        answer = {"trials": [{"number": asked.number, "params": asked.params}]}
    else:
        study.tell(asked, request["value"])
    print(json.dumps(answer), flush=True)
