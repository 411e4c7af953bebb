"""What `souk ... --help` shows at its end: each command as one types it."""

from __future__ import annotations

from typing import Any

_STACK = "--stack souk"
EXAMPLES: dict[str, tuple[str, ...]] = {
    "up": ("souk up", "souk up --port 8081 --no-samples", "souk up --engine aws --state ./elsewhere"),
    "run": ("souk run",),
    "reset": ("souk reset", "souk reset --state ./elsewhere"),
    "backup": ("souk backup ./kept",),
    "invoke": (
        "souk invoke GetTeamsFunction -e events/nndm/get_teams.json",
        "souk invoke reactions/SweepDueFunction -e events/schedules/sweep_due.json",
    ),
    "export": ("souk export ./catalogue", "souk export ./governance --door immuta"),
    "plan": ("souk plan ./catalogue", "souk plan ./catalogue --prune --url https://souk.example --key souk_..."),
    "apply": ("souk apply ./catalogue", "souk apply ./catalogue --prune"),
    "import": ("souk import ./catalogue",),
    "seed": ("souk seed", "souk seed --url https://souk.example --key souk_..."),
    "doctor": ("souk doctor", "souk doctor --url https://souk.example", f"souk doctor {_STACK}"),
    "migrate": ("souk migrate", f"souk migrate {_STACK}"),
    "redrive": (
        "souk redrive",
        f"souk redrive {_STACK}",
        "souk redrive --queue https://sqs.eu-west-1.amazonaws.com/123456789012/events",
    ),
    "reindex": ("souk reindex", f"souk reindex {_STACK}"),
    "restore": ("souk restore --stack souk-new --at 2026-02-03T12:00:00 --entities e --outbox o --log l --bucket b",),
    "token": (
        "souk token olav.lien@nav.no --team roasting",
        "souk token kari@nav.no --permission audit --hours 1",
    ),
    "keys create": (
        "souk keys create pipeline",
        "souk keys create reader --scope read --scope door:nndm --days 90",
        f"souk keys create first {_STACK}",
    ),
    "keys list": ("souk keys list", f"souk keys list {_STACK}"),
    "keys rotate": ("souk keys rotate 5f0c1b2a-7d3e-4a96-8b1c-2e4d6f8a0b1c --hours 24",),
    "keys revoke": ("souk keys revoke 5f0c1b2a-7d3e-4a96-8b1c-2e4d6f8a0b1c",),
    "users import": ("souk users import people.yaml", f"souk users import ./people {_STACK}"),
    "users list": ("souk users list",),
    "domains import": ("souk domains import domains.yaml",),
    "domains list": ("souk domains list",),
    "teams import": ("souk teams import ./teams",),
    "teams list": ("souk teams list",),
    "sources import": ("souk sources import local/samples/datasources",),
    "sources list": ("souk sources list",),
    "forms import": ("souk forms import local/samples/requestforms",),
    "forms list": ("souk forms list",),
    "events tail": (
        "souk events tail",
        "souk events tail --all --json --count 10",
        "souk events tail --url https://souk.example --key souk_...",
    ),
    "grants list": ("souk grants list --only failed", f"souk grants list {_STACK}"),
    "grants apply": ("souk grants apply --access roast-plan-reads-sales", f"souk grants apply --all {_STACK}"),
}


def with_examples(command: Any, name: str = "") -> Any:
    """The command, and all below it, with their examples. Raises KeyError for one that has none."""
    if hasattr(command, "commands"):
        for word, one in command.commands.items():
            with_examples(one, f"{name} {word}".strip())
    else:
        command.epilog = "\n\n".join(("Examples:", *EXAMPLES[name]))
    return command
