"""`souk keys` and `souk token`: credentials of a local state; keys of a deployed Souk too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from local.cli import tables
from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.cli.places import run_on

if TYPE_CHECKING:
    from souk.work import Work

KeyId = Annotated[str, typer.Argument(help="The key's id, as `souk keys list` shows it.")]
Hours = Annotated[float, typer.Option(min=0, max=8760, help="Hours that the former secret still works.")]
keys = typer.Typer(help="API keys: make, list, rotate and revoke them. Only hashes are stored.", no_args_is_help=True)


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write, decide or door:<name>; more than one. Without: everything.")
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, max=36500, help="Days that the key works. Without: until revoked.")
    ] = None,
    stack: Stack = "",
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Make a key and show its secret, this once."""
    from souk.identity.keys import NewKey
    from souk.identity.keys import create as make

    def command(work: Work) -> NewKey:
        return make(work, name, scopes=scope or None, expires=work.now + timedelta(days=days) if days else None)

    _show(run_on(state, stack, command))


@keys.command("list")
def show(stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """All keys, without their secrets."""
    from souk.identity.keys import list_keys

    rows = []
    for info in run_on(state, stack, list_keys):
        scopes = "all" if info.scopes is None else ", ".join(info.scopes)
        ends = (info.expires or "never") + (" (former secret)" if info.superseded else "")
        rows.append((info.id, info.name, scopes, info.created, info.rotated or "", ends))
    tables.show(("id", "name", "scopes", "created", "rotated", "expires"), rows)


@keys.command("rotate")
def rotate(key_id: KeyId, hours: Hours = 0, stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Give a key a new secret and show it, this once."""
    from souk.identity import keys as core

    _show(run_on(state, stack, lambda work: core.rotate(work, key_id, grace=timedelta(hours=hours))))


@keys.command("revoke")
def revoke(key_id: KeyId, stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """End a key, and the tokens made from it, at once."""
    from souk.identity import keys as core

    run_on(state, stack, lambda work: core.revoke(work, key_id))
    typer.echo(f"{key_id} is revoked.")


def _show(new: object) -> None:
    """The secret alone goes to standard output, so that a script can take it."""
    typer.echo(f"id: {new.id}  (the secret is shown this once)", err=True)  # type: ignore[attr-defined]
    typer.echo(new.secret)  # type: ignore[attr-defined]


def token(
    email: Annotated[str, typer.Argument(help="Whose token.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="A team the person belongs to; more than one.")] = None,
    permission: Annotated[list[str] | None, typer.Option(help="governance, user_admin or audit.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it lasts.")] = 12,
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Print a token for a person. The local run trusts it; a deployed Souk does not."""
    from souk.identity.issuer import issue
    from souk.identity.principal import PERMISSIONS
    from souk.identity.users import id_for_email

    claims = {
        "sub": id_for_email(email),
        "email": email,
        "name": name or email.partition("@")[0],
        "groups": team or [],
        "souk_permissions": permission or [],
    }
    unknown = set(permission or []) - PERMISSIONS
    if "@" not in email or unknown:
        refuse(f"there is no permission {min(unknown)!r}" if unknown else f"{email!r} is no e-mail address")
    issued = run_on(state, "", lambda work: issue(work, claims, timedelta(hours=hours)))
    typer.echo(issued.token)
