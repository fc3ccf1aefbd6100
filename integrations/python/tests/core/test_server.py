"""The same client against a real `foothold serve`."""

import http.server
import os
import pickle
import random
import re
import signal
import socket
import subprocess
import threading
import traceback

import pytest
from shared import posix, wait_until

from foothold import Real, Study
from foothold._engine import engine_command
from foothold._server import ServerStudy
from foothold._shown_address import shown_address
from foothold.errors import (
    InvalidArgumentError,
    NotFoundError,
    OutOfSpaceError,
    ServerGoneError,
    TrialStateError,
    UnauthorizedError,
)

SPACE = {"x": (0.0, 1.0), "hidden": [(64,), (16, 16)]}
TOKEN = "a-token-of-16-characters-or-more"
pytestmark = posix


def serve(folder, port=0):
    """A server of this folder, and its link: of a token that it was given it prints the address alone."""
    environment = {**os.environ, "FOOTHOLD_TOKEN": TOKEN}
    process = subprocess.Popen(
        [*engine_command(), "serve", "--storage", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    for line in process.stdout:
        found = re.search(r"http://[\w.:]+/", line)
        if found:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, f"{found.group(0)}#token={TOKEN}"
    raise AssertionError(f"the server ended with {process.wait()}")


@pytest.fixture(scope="module")
def link(tmp_path_factory):
    process, link = serve(tmp_path_factory.mktemp("served"))
    yield link
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)


def test_a_run_over_http_is_that_of_the_engine(link):
    def objective(params):
        return (params["x"] - 0.3) ** 2 + len(params["hidden"])

    served = Study(SPACE, name="run", server=link, seed=2, trials=12).optimize(objective, 12)
    local = Study(SPACE, seed=2, trials=12).optimize(objective, 12)
    assert [t.params for t in served.trials()] == [t.params for t in local.trials()]
    assert served.best().value == local.best().value
    copy = pickle.loads(pickle.dumps(served))
    assert copy.trials() == served.trials()
    assert len(Study(None, name="run", server=link).trials()) == 12


def test_steps_over_http(link):
    study = Study(SPACE, name="steps", server=link, sampler="random", pruner="median")
    assert study.load([{"params": {"x": 0.5, "hidden": (64,)}, "value": 3}]) == 1
    study.enqueue({"x": 0.25, "hidden": (16, 16)})
    trial = study.ask()
    assert trial.params == {"x": 0.25, "hidden": (16, 16)}
    assert study.report(trial, 1, 0.5) is False
    study.tell(trial, 0.5, attributes={"host": "a"})
    with pytest.raises(TrialStateError) as caught:
        study.tell(trial, 0.75)
    assert caught.value.details["status"] == 409
    with pytest.raises(OutOfSpaceError, match="x is 7"):
        study.enqueue({"x": 7})
    assert study.note(trial, note="ok") == {"attributes": {"host": "a"}, "note": "ok"}
    study.delete(trial)
    assert [t.number for t in study.deleted_trials()] == [1] and len(study.trials()) == 1
    study.restore(trial)
    assert study.best().number == 1
    numbers = [trial.number for trial in study.ask_many(3)]
    assert numbers == [2, 3, 4]
    other = Study(None, name="steps", server=link)
    assert other.ask().number == 5
    later = Study(SPACE, name="later", server=link, transfer=["steps"])
    assert later.ask().number == 0


def test_leases_are_renewed_while_the_program_evaluates(link):
    study = Study(SPACE, name="leased", server=link, sampler="random", lease=600)
    requests = study._requests
    assert requests._renew_every == 200  # seconds, a third of the lease: not waited for here
    requests._renew_every = 0.05
    trial = study.ask()

    def leases():
        """Ends of the trial's leases, in the order of the study's log; the first is that of the ask."""
        events = requests._call("GET", "/api/studies/leased/log")["events"]
        return [of["lease"]["until"] for of in events if of["type"] == "asked" and of["number"] == trial.number]

    wait_until(lambda: len(leases()) >= 4)
    ends = leases()
    assert ends == sorted(set(ends))
    study.tell(trial, 0.5)
    assert study.best().number == trial.number == 0


def test_what_is_no_server_or_may_not_ask_is_a_typed_error(link, monkeypatch):
    monkeypatch.delenv("FOOTHOLD_TOKEN", raising=False)
    plain = link.split("#")[0]
    with pytest.raises(InvalidArgumentError, match="token is None"):
        Study(SPACE, name="a", server=plain)
    with pytest.raises(UnauthorizedError) as caught:
        Study(SPACE, name="a", server=plain, token="another-token-of-16-characters")
    assert caught.value.details["status"] == 401 and not caught.value.retry
    with pytest.raises(InvalidArgumentError, match="server is 'localhost', allowed is an address"):
        Study(SPACE, name="a", server="localhost")
    with pytest.raises(InvalidArgumentError, match="needs a name"):
        Study(SPACE, server=link)
    with pytest.raises(NotFoundError, match="there is no study \"nowhere\"") as caught:
        Study(None, name="nowhere", server=link)
    assert caught.value.details["status"] == 404


def test_a_server_that_is_killed_and_started_again_loses_nothing(tmp_path):
    process, link = serve(tmp_path)
    port = int(re.search(r":(\d+)/", link).group(1))
    study = Study(SPACE, name="killed", server=link, sampler="random")
    held = study.ask()
    process.kill()
    process.wait()
    started = []
    again = threading.Timer(0.5, lambda: started.append(serve(tmp_path, port)))
    again.start()
    assert study.ask().number == 1
    study.tell(held, 0.25)
    wait_until(lambda: started)
    assert study.best().number == 0
    study._requests._patience = 0.3

    def objective(params):
        started[0][0].kill()
        started[0][0].wait()
        return 0.75

    with pytest.raises(ServerGoneError, match=r"trial 2 came to .*0\.75") as caught:
        study.optimize(objective, 3)
    assert caught.value.details["value"] == 0.75 and study._requests._held == {1}
    with pytest.raises(ServerGoneError, match="cannot be reached"):
        study.ask()
    with pytest.raises(ServerGoneError) as caught:
        study.enqueue({"x": 0.5})
    assert isinstance(caught.value, ConnectionError)


def test_a_study_that_is_opened_by_its_name_has_its_direction_and_objectives(link):
    Study({"x": (0.0, 1.0)}, name="upwards", server=link, direction="maximize", sampler="random")
    opened = Study(None, name="upwards", server=link).optimize(lambda params: params["x"], 4)
    assert opened.direction == "maximize" and opened.objectives is None
    best = max(trial.value for trial in opened.trials())
    assert opened.best().value == best
    # As a source it is one of a maximum: the next study starts from its best.
    later = Study({"x": (0.0, 1.0)}, name="later-upwards", server=link, direction="maximize", transfer=[opened])
    assert later.direction == "maximize"
    sent = [of["direction"] for of in later._create["transfer"]]
    assert sent == ["maximize"]

    objectives = {"error": "minimize", "speed": "maximize"}
    Study({"x": (0.0, 1.0)}, name="two", server=link, objectives=objectives, sampler="random")
    two = Study(None, name="two", server=link)
    assert two.objectives == objectives
    two.optimize(lambda params: {"error": params["x"], "speed": params["x"]}, 3)
    assert len(two.front()) == 3
    with pytest.raises(InvalidArgumentError, match=r"transfer\[0\] is .*'two'.* objectives error, speed, allowed"):
        Study({"x": (0.0, 1.0)}, transfer=[two])


def test_a_token_from_a_file_may_end_with_its_line_and_no_token_is_shown(link, monkeypatch):
    plain = link.split("#")[0]
    monkeypatch.setenv("FOOTHOLD_TOKEN", f"{TOKEN}\r\n")
    Study({"x": (0.0, 1.0)}, name="token", server=plain)
    for token in (f"{TOKEN}\nb", f"{TOKEN} b", f"{TOKEN}é"):
        with pytest.raises(InvalidArgumentError, match="^token is not shown, allowed are visible") as caught:
            Study(None, name="token", server=plain, token=token)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(InvalidArgumentError, match="allowed is an address without a user") as caught:
        Study(None, name="token", server=plain.replace("//", "//me:hunter2@"))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(InvalidArgumentError, match="server is .*, allowed is an address such as") as caught:
        Study(None, name="token", server="http://me:hunter2@h:nine/#token=hunter2")
    assert "hunter2" not in str(caught.value)


def test_a_study_that_is_opened_by_its_name_has_real_values_as_floats(link):
    Study({"x": Real(0.5, 1.0)}, name="typed", server=link, sampler="random").enqueue({"x": 1.0})
    assert repr(Study(None, name="typed", server=link).ask().params["x"]) == "1.0"


def test_what_answers_no_json_is_a_server_of_something_else():
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as page:
        threading.Thread(target=page.serve_forever, daemon=True).start()
        with pytest.raises(ServerGoneError, match="what is not JSON: is it a server of foothold"):
            Study(None, name="a", server=f"http://127.0.0.1:{page.server_port}", token=TOKEN)
        page.shutdown()


def test_repeated_requests_leave_the_generator_of_the_program_alone():
    random.seed(5)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # nobody accepts
        with pytest.raises(ServerGoneError):
            ServerStudy(f"http://127.0.0.1:{unused.getsockname()[1]}", TOKEN, {"name": "a"}, patience=0.2)
    drawn = random.random()
    random.seed(5)
    assert drawn == random.random()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgres://u:hun/ter@2@h:5432/db?sslmode=require", "postgres://…@h:5432/db?sslmode=require"),
        ("postgres://h/db?password=hunter2&sslmode=require", "postgres://h/db?password=…&sslmode=require"),
        ("http://127.0.0.1:8765/#token=hunter2", "http://127.0.0.1:8765/"),
        ("sqlite:/tmp/a#b@c.db", "sqlite:/tmp/a#b@c.db"),
        ("/home/me@work/studies#1", "/home/me@work/studies#1"),
    ],
)
def test_an_address_is_shown_without_passwords(address, shown):
    assert shown_address(address) == shown


def test_the_text_of_a_study_has_no_token(link):
    study = Study({"x": (0.0, 1.0)}, name="shown", server=link, sampler="random")
    assert repr(study) == f"<foothold.Study 'shown' in {link.split('#')[0]}>"
