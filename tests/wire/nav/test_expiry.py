"""Ruling R1: from the second of its end on, access is gone; its log entry follows within about a minute."""

from __future__ import annotations

from datetime import datetime

from tests.running import eventually
from tests.wire.nav.door import ZERO, Door, at, done, entries, moment, refused


def test_access_is_gone_when_its_end_passes_and_the_job_logs_it(owner: Door, other: Door, product: str) -> None:
    end = moment(1.5)
    done(owner.grant(product, other.email, expires=end))
    before = owner.shown(product)
    assert f"user:{other.email}" in before["data_product"]["access"]
    eventually(lambda: f"user:{other.email}" not in owner.access(product), 5)
    after = owner.shown(product)
    assert at(after["updated"]) > at(before["updated"])
    assert owner.listed()[product] == after
    refused(other.revoke(product, other.email), 400, "requested subject does not have an access entry")

    eventually(lambda: len(owner.log(product)) == 2, 90)
    newest = owner.log(product)[0]
    assert entries([newest]) == [("AccessEnsurance2000", "delete", f"user:{other.email}")]
    assert newest["expires"] == ZERO
    assert at(newest["time"]) >= datetime.fromisoformat(end)


def test_access_does_not_end_before_its_time(owner: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no", expires=moment(60)))
    assert "user:a@nav.no" in owner.access(product)
    done(owner.grant(product, "a@nav.no", expires=moment(1)))
    done(owner.grant(product, "a@nav.no", expires="2099-01-01T00:00:00Z"))
    assert owner.access(product)["user:a@nav.no"] == "2099-01-01T00:00:00Z"


def test_access_that_ended_may_be_granted_anew(owner: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no", expires=moment(0.7)))
    eventually(lambda: "user:a@nav.no" not in owner.access(product), 5)
    done(owner.grant(product, "a@nav.no"))
    assert owner.access(product)["user:a@nav.no"] == ZERO
