"""The code of docs/optuna.md runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "docs" / "optuna.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf8"), re.DOTALL | re.MULTILINE)


def test_the_page_has_its_examples() -> None:
    assert len(BLOCKS) == 2


@pytest.mark.parametrize("code", BLOCKS)
def test_the_code_of_the_page_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    scope: dict[str, object] = {"__name__": "__main__"}
    exec(compile(code, str(PAGE), "exec"), scope)
    printed = capsys.readouterr().out
    if "objective" in scope:
        assert scope["study"].best_value < 0.05  # type: ignore[attr-defined]
        assert "momentum" in printed or "adam" in printed
    else:
        assert float(printed) < 0.2
