"""What governance brings along before anybody asks: users, domains, teams, data sources, forms, from YAML or JSON.

The `souk` command imports files of these kinds (docs/provisioning.md); a new state gets the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from souk.store.port import Record
    from souk.work import Work

SAMPLES = Path(__file__).parent / "samples"
Document = dict[str, Any]
Put = Callable[["Work", Document], "Record"]


class Unreadable(ValueError):
    """A file that is not a document, or a list of documents."""


class Sampled(NamedTuple):
    """Ids of the samples, as dev.env names them."""

    reviewed_form: str
    open_form: str
    sources: list[str]
    column: str


def read_documents(path: Path) -> list[Document]:
    """The documents in a YAML or JSON file, or in every such file of a folder. Raises Unreadable, OSError."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix in {".yaml", ".yml", ".json"})
        return [document for one in files for document in read_documents(one)]
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} is not YAML or JSON: {error}") from error
    found = content if isinstance(content, list) else [content]
    if not all(isinstance(one, dict) for one in found):
        raise Unreadable(f"{path} holds something that is no document")
    return found


def put_source(work: Work, document: Document) -> Record:
    """A data source. Raises souk.errors.Invalid."""
    from souk.assets.data_sources import checked, put_data_source

    return put_data_source(work, checked(document))


def put_domain(work: Work, document: Document) -> Record:
    """A domain: id (made if missing), name, description, parent. Raises souk.errors.Invalid."""
    from uuid import NAMESPACE_URL, uuid5

    from souk.organisation import domains

    card: Any = {name: document[name] for name in ("name", "description", "parent") if document.get(name) is not None}
    card.setdefault("name", "")
    return domains.put_domain(work, str(document.get("id") or uuid5(NAMESPACE_URL, f"domain:{card['name']}")), card)


class _TeamLens:
    """How a team's document reads as a card; what it does not name stays as it was."""

    dialect = "souk"

    def card(self, document: Document, before: Document | None) -> Document:
        named = {name: value for name, value in document.items() if name != "id" and value is not None}
        if "members" in named:
            named["members"] = [_member(one) for one in named["members"]]
        return {**(before or {}), **named}

    def show(self, record: Record) -> Document:
        return {"id": record.id, **record.body["card"]}


def put_team(work: Work, document: Document) -> Record:
    """A team: id, name, type, description, parent, members (email, role), tags. Raises souk.errors.Invalid."""
    from souk.errors import Invalid
    from souk.organisation import teams

    lists = {"members": dict, "tags": str}
    texts = {"id", "name", "type", "description", "parent"}
    if strange := sorted(set(document) - texts - set(lists)):
        raise Invalid(f"a team has no {', '.join(strange)}")
    wrong = [name for name in texts if not isinstance(document.get(name, ""), str)]
    for name, kind in lists.items():
        listed = document.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(one, kind) for one in listed):
            wrong.append(name)
    if wrong or not (document.get("id") and document.get("name")):
        raise Invalid("a team has an id and a name, texts, and lists of members (email, role) and tags")
    return teams.put_team(work, document["id"], document, _TeamLens())


def _member(sent: Document) -> Document:
    from souk.errors import Invalid

    found = {name: sent[name] for name in ("email", "role") if sent.get(name) is not None}
    found |= {"email": sent["emailAddress"]} if sent.get("emailAddress") is not None else {}
    if not all(isinstance(value, str) for value in found.values()) or "@" not in found.get("email", ""):
        raise Invalid("a member of a team has an email, and may have a role")
    return found


def put_user(work: Work, document: Document) -> Record:
    """A user: name, email, id, permissions, managed_domains, teams, attributes. Raises souk.errors.Invalid."""
    from souk.errors import Invalid
    from souk.identity import users

    known = {"name", "email", "id", "permissions", "managed_domains", "teams", "attributes"}
    if strange := sorted(set(document) - known):
        raise Invalid(f"a user has no {', '.join(strange)}")
    email = str(document.get("email", ""))
    return users.put_user(work, **{"name": email.partition("@")[0], **document, "email": email})


def put_form(work: Work, document: Document) -> Record:
    """A form: id, name, fields, policy, terms, strict, in the core's words. Raises souk.errors.Invalid, Conflict."""
    from souk.access import forms, policy
    from souk.errors import Invalid
    from souk.identity.principal import Principal

    known = {"id", "name", "fields", "policy", "terms", "strict"}
    if strange := sorted(set(document) - known):
        raise Invalid(f"a form has no {', '.join(strange)}")
    by = Principal(kind="key", id="souk command")
    content = {name: value for name, value in document.items() if name != "id"}
    if document.get("id") and work.find(forms.FORM, document["id"]) is not None:
        return forms.change_form(work, document["id"], by, **content)
    chosen = content.pop("policy", policy.DEFAULT)
    name, fields = str(content.pop("name", "")), content.pop("fields", [])
    return forms.make_form(work, name, fields, by, form_policy=chosen, form_id=document.get("id"), **content)


def seed(work: Work) -> Sampled:
    """The sample data sources and forms, unless somebody has changed them since. Their ids."""
    from souk.access.forms import FORM

    sources = read_documents(SAMPLES / "datasources")
    for document in sources:
        if work.find("asset", document["id"]) is None:
            put_source(work, document)
    for document in _forms():
        if work.find(FORM, document["id"]) is None:
            put_form(work, document)
    return sampled()


def sampled() -> Sampled:
    """Ids of the samples."""
    sources = read_documents(SAMPLES / "datasources")
    forms = {document["name"]: document["id"] for document in _forms()}
    first = sources[0]
    column = f"{first['id']}:{first['columns'][0]['name']}"
    return Sampled(forms["Reviewed access"], forms["Open access"], [one["id"] for one in sources], column)


def _forms() -> Iterator[Document]:
    yield from read_documents(SAMPLES / "requestforms")
