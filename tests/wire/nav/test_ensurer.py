"""Section 8: a run of the job leaves one `verify` for every product with a datastore."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from tests.running import ROOT, eventually
from tests.wire.nav.door import ZERO, Door, at, done, moment


def run_job(souk: Any) -> None:
    """What the schedule does every five minutes."""
    line = [sys.executable, "-m", "local", "invoke", "EnsureAccessFunction", "--state", str(souk.state)]
    event = ["-e", str(ROOT / "events/schedules/ensure_access.json")]
    ended = subprocess.run([*line, *event], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_run_verifies_every_product_with_a_datastore(souk: Any, owner: Door, nobody: Door) -> None:
    used, unused, bare = owner.register(), owner.register(), owner.register(datastore=[])
    done(owner.grant(used, "a@nav.no"))
    before = owner.shown(used)
    run_job(souk)
    verify, granted = nobody.log(used)
    assert at(verify.pop("time")) >= at(granted["time"])
    assert verify == {
        "dataproduct_id": used,
        "author": "AccessEnsurance2000",
        "subject": "",
        "action": "verify",
        "expires": ZERO,
    }
    assert [entry["action"] for entry in owner.log(unused)] == ["verify"]
    assert owner.log(bare) == []
    assert owner.shown(used) == before
    run_job(souk)
    assert [entry["action"] for entry in owner.log(unused)] == ["verify", "verify"]


def test_a_run_after_an_end_and_a_deletion(souk: Any, owner: Door) -> None:
    ended, deleted = owner.register(), owner.register()
    done(owner.grant(ended, "a@nav.no", expires=moment(0.6)))
    done(owner.call("DELETE", f"dataproducts/{deleted}"))
    eventually(lambda: "user:a@nav.no" not in owner.access(ended), 5)
    run_job(souk)
    assert "verify" in [entry["action"] for entry in owner.log(ended)]
    assert owner.log(deleted) == []
    assert owner.access(ended) == {f"group:{owner.team}@nav.no": ZERO}
