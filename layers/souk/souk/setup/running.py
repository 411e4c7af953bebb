"""Setting up runs in the background: begun in one commit, carried out by a state machine, safe to repeat."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from souk import clock
from souk.documents import objects
from souk.errors import Conflict, Failed, Invalid, NotAllowed, NotFound
from souk.identity import keys
from souk.identity.principal import GOVERNANCE, Principal
from souk.ids import record_key
from souk.setup.catalogue import (
    CATALOGUE,
    FAILED,
    KIND,
    NOT_STARTED,
    RUNNING,
    SUCCEEDED,
    CatalogueCard,
    Run,
    card_of,
    find_catalogue,
    get_catalogue,
    keep_catalogue,
)
from souk.setup.domains import Step, domain_steps
from souk.setup.methods import install_methods
from souk.setup.samples import sample_files, sample_steps
from souk.setup.workflows import install_workflows
from souk.store.port import EntityStore, Record
from souk.work import Work, run
from souk.workflows import start

MACHINE = "initialize"
METHODS = "delivery_methods"
DOMAINS = "domains_multi_industry"
WORKFLOWS = "workflows"
SAMPLES = "data_product_samples"
NEEDS: dict[str, tuple[str, ...]] = {
    METHODS: (),
    DOMAINS: (),
    WORKFLOWS: (),
    SAMPLES: (DOMAINS, METHODS),
    "project": (),
    "catalog_configurations": (),
}
"""Every option, each after those that it depends on. The last two have nothing to install here."""
DEFAULT = (METHODS, DOMAINS)
HEAL_AFTER = timedelta(minutes=3)
_SERVICE_KEY = "service_key"


def begin_setup(work: Work, options: Collection[str] | None, principal: Principal) -> CatalogueCard:
    """Begin a run for these options and what they depend on. Raises NotAllowed, Invalid, Conflict while one runs."""
    demand_setter(principal)
    wanted = _with_needs(DEFAULT if options is None else options)
    work.fetch([record_key(KIND, CATALOGUE), record_key(_SERVICE_KEY, CATALOGUE)])
    record = find_catalogue(work)
    card = card_of(record) if record else _new(principal)
    if card["status"] == RUNNING:
        raise Conflict("the catalog is being initialized; wait until that has finished")
    number = record.revision + 1 if record else 1
    return _begin(work, card, wanted, principal.label, number)


def postpone_setup(work: Work, record: Record) -> Run:
    """For the sweep, which takes up an unfinished run: it is due again later, should that not finish either."""
    card = card_of(record)
    unfinished = card["run"]
    card["run"] = {**unfinished, "due": clock.text(work.now + HEAL_AFTER)}
    keep_catalogue(work, card)
    return unfinished


def start_setup(store: EntityStore, attempt: str, options: Collection[str]) -> None:
    """Start the machine for a run that is committed. Raises Failed; the run then counts as failed."""
    try:
        start(MACHINE, attempt, {"attempt": attempt, "options": list(options)})
    except Failed:
        run(store, lambda work: fail_setup(work, attempt, ["the initialization could not be started; try again"]))
        raise


def install(store: EntityStore, attempt: str, option: str, dialect: str) -> None:
    """Carry out one option, in a few commits of its own. Raises Conflict when the run is not wanted any more."""
    run(store, lambda work: _wanted(work, attempt))
    if option == SAMPLES:
        for key, data in sample_files():
            objects.write(key, data, "text/csv")
    for step in _steps(option, dialect):
        run(store, step)
    run(store, lambda work: _note_installed(work, attempt, option))


def finish_setup(work: Work, attempt: str) -> None:
    """The run has succeeded."""
    card = _wanted(work, attempt)
    if card["status"] == RUNNING:
        card["status"] = SUCCEEDED
        card["run"] = {**card["run"], "finished": clock.text(work.now)}
        keep_catalogue(work, card)


def fail_setup(work: Work, attempt: str, reasons: list[str]) -> None:
    """The run has failed, and says why. What was installed stays."""
    record = find_catalogue(work)
    card = card_of(record) if record else None
    if card is None or card["status"] != RUNNING or card["run"]["attempt"] != attempt:
        return
    card["status"] = FAILED
    card["run"] = {**card["run"], "finished": clock.text(work.now), "problems": reasons}
    keep_catalogue(work, card)


def ensure_service_key(work: Work, principal: Principal, scopes: Collection[str]) -> bool:
    """Make the catalogue's own key unless there is one. Its secret is told nobody. True if made. Raises NotAllowed."""
    demand_setter(principal)
    if work.find(_SERVICE_KEY, CATALOGUE) is not None:
        return False
    made = keys.create(work, "catalogue service", scopes=scopes)
    work.save(_SERVICE_KEY, CATALOGUE, {"card": {"key": made.id}, "views": {}}, listed=False)
    return True


def rotate_service_key(work: Work, principal: Principal, scopes: Collection[str]) -> None:
    """Renew the catalogue's own key, and nobody else's; make it where there is none. Raises NotAllowed."""
    if not ensure_service_key(work, principal, scopes):
        keys.rotate(work, work.get(_SERVICE_KEY, CATALOGUE).body["card"]["key"])


def get_service_key(work: Work, principal: Principal) -> keys.KeyInfo:
    """What may be told of the catalogue's own key. Raises NotAllowed, and NotFound before the first initialization."""
    demand_setter(principal)
    record = work.find(_SERVICE_KEY, CATALOGUE)
    if record is None:
        raise NotFound("the catalog has no credentials of its own yet; initializing it makes them", kind=_SERVICE_KEY)
    return keys.find_key(work, record.body["card"]["key"])


def demand_setter(principal: Principal) -> None:
    """Keys, governance and managers of a domain set up. Raises NotAllowed."""
    if principal.kind == "key" or GOVERNANCE in principal.permissions or principal.managed_domains:
        return
    raise NotAllowed("only an organisation's key, governance or a domain manager may set up the catalog")


def _begin(work: Work, card: CatalogueCard, options: Collection[str], by: str, number: int) -> CatalogueCard:
    card["status"] = RUNNING
    card["run"] = Run(
        # The instant tells runs apart over the end of a store, whose successor counts from one again.
        attempt=f"{CATALOGUE}-{number}-{int(work.now.timestamp() * 1000)}",
        options=list(options),
        done=[],
        by=by,
        started=clock.text(work.now),
        due=clock.text(work.now + HEAL_AFTER),
    )
    keep_catalogue(work, card)
    return card


def _new(principal: Principal) -> CatalogueCard:
    return CatalogueCard(
        name="Default catalog",
        description="Data products of this marketplace",
        created_by=principal.label,
        status=NOT_STARTED,
        installed={},
    )


def _with_needs(options: Collection[str]) -> list[str]:
    unknown = sorted(set(options) - NEEDS.keys())
    if unknown:
        raise Invalid(f"unknown options: {', '.join(unknown)}")
    wanted = set(options).union(*(NEEDS[option] for option in options))
    return [option for option in NEEDS if option in wanted]


def _steps(option: str, dialect: str) -> list[Step]:
    if option == DOMAINS:
        return domain_steps()
    if option == SAMPLES:
        return sample_steps(dialect)
    single: dict[str, Step] = {METHODS: install_methods, WORKFLOWS: install_workflows}
    return [single[option]] if option in single else []


def _note_installed(work: Work, attempt: str, option: str) -> None:
    card = _wanted(work, attempt)
    if option not in card["run"]["done"]:
        card["run"] = {**card["run"], "done": [*card["run"]["done"], option]}
        card["installed"] = {**card["installed"], option: card["installed"].get(option, 0) + 1}
        keep_catalogue(work, card)


def _wanted(work: Work, attempt: str) -> CatalogueCard:
    card = card_of(get_catalogue(work))
    if card["run"]["attempt"] != attempt:
        raise Conflict("this run of the initialization is not wanted any more")
    return card
