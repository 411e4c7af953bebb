"""Section 5: the access log; section 10: the worked sequence."""

from __future__ import annotations

from tests.wire.nav.door import ZERO, Door, at, done, entries, fresh, mail, moment, refused


def test_log_of_a_new_or_unknown_product_is_empty(owner: Door, nobody: Door, product: str) -> None:
    assert nobody.log(product) == []
    assert owner.log(fresh("unknown")) == nobody.log(fresh("unknown")) == []


def test_grant_is_logged_with_all_six_fields(other: Door, product: str) -> None:
    done(other.grant(product, "a@nav.no", expires="2099-06-03T08:05:26Z"))
    (entry,) = other.log(product)
    assert at(entry.pop("time")).year > 2000
    assert entry == {
        "dataproduct_id": product,
        "author": other.email,
        "subject": "a@nav.no",
        "action": "grant",
        "expires": "2099-06-03T08:05:26Z",
    }


def test_revocation_is_logged_with_the_zero_time(owner: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no", expires="2099-06-03T08:05:26Z"))
    done(owner.revoke(product, "a@nav.no"))
    newest = owner.log(product)[0]
    assert (newest["action"], newest["author"], newest["subject"]) == ("delete", owner.email, "a@nav.no")
    assert newest["expires"] == ZERO


def test_subject_is_logged_as_it_was_sent(owner: Door, product: str) -> None:
    done(owner.grant(product, "Ola.Nordmann@NAV.no"))
    assert owner.log(product)[0]["subject"] == "Ola.Nordmann@NAV.no"
    done(owner.grant(product, "robot@p.iam", "serviceAccount"))
    assert owner.log(product)[0]["subject"] == "robot@p.iam"


def test_each_line_spells_the_subject_as_its_request_did(owner: Door, product: str) -> None:
    name = fresh("Ola")
    spellings = [f"{name}@nav.no", f"{name}@NAV.no", f"{name.upper()}@nav.no"]
    done(owner.grant(product, spellings[0]))
    done(owner.grant(product, spellings[1]))
    done(owner.revoke(product, spellings[2]))
    assert [entry["subject"] for entry in owner.log(product)] == spellings[::-1]


def test_log_is_ordered_newest_first(owner: Door, product: str) -> None:
    subjects = [f"{number}@nav.no" for number in range(6)]
    for subject in subjects:
        done(owner.grant(product, subject))
    log = owner.log(product)
    assert [entry["subject"] for entry in log] == subjects[::-1]
    moments = [at(entry["time"]) for entry in log]
    assert moments == sorted(moments, reverse=True)


def test_refused_changes_leave_no_entry(owner: Door, other: Door, product: str) -> None:
    assert other.revoke(product, mail()).status == 401
    assert owner.revoke(product, mail()).status == 400
    assert owner.grant(product, "a", expires="2001-01-01T00:00:00Z").status == 400
    assert owner.log(product) == []


def test_log_of_a_deleted_product_stays_and_tells_who_lost_access(owner: Door, nobody: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    done(owner.grant(product, "b@nav.no"))
    done(owner.call("DELETE", f"dataproducts/{product}"))
    log = nobody.log(product)
    assert entries(log[2:]) == [(owner.email, "grant", "b@nav.no"), (owner.email, "grant", "a@nav.no")]
    assert sorted(entries(log[:2])) == [(owner.email, "delete", "a@nav.no"), (owner.email, "delete", "b@nav.no")]


def test_worked_sequence(owner: Door, other: Door, product: str) -> None:
    end = moment(7 * 86400).split(".", maxsplit=1)[0].removesuffix("Z") + "Z"
    done(other.grant(product, other.email, expires=end))
    assert owner.access(product) == {f"group:{owner.team}@nav.no": ZERO, f"user:{other.email}": end}
    assert entries(owner.log(product)) == [(other.email, "grant", other.email)]
    assert other.revoke(product, mail()).status == 401
    done(other.revoke(product, other.email))
    assert [entry["action"] for entry in owner.log(product)] == ["delete", "grant"]
    done(owner.call("PUT", f"dataproducts/{product}", {"team": other.team}))
    refused(owner.call("PUT", f"dataproducts/{product}", {"name": "n"}), 401, "unauthorized\n")
    done(other.call("DELETE", f"dataproducts/{product}"))
    refused(other.call("GET", f"dataproducts/{product}"), 404, "not found\n")
