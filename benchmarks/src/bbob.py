"""The noiseless BBOB functions (Hansen et al. 2009) of PyPI `ioh`: a JSON line {f, i, x} in, its gap to the optimum out."""
import json
import sys

try:
    import ioh
except ImportError as error:
    sys.exit(f"bbob.py: {error}")

problems = {}
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    key = (ask["f"], ask["i"], len(ask["x"]))
    if key not in problems:
        problems[key] = ioh.get_problem(ask["f"], instance=ask["i"], dimension=key[2], problem_class=ioh.ProblemClass.BBOB)
    problem = problems[key]
    print(json.dumps(float(problem(ask["x"])) - float(problem.optimum.y)), flush=True)
