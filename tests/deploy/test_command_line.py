"""The script `accolade`, around its commands."""

import pytest

from accolade.deploy import cli, command_line


def test_ctrl_c_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also outside a command, as while the commands are imported."""

    def interrupted(prog_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupted)

    with pytest.raises(SystemExit) as ended:
        command_line.main()

    assert ended.value.code == 130
