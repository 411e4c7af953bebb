"""State machines: the adapter that starts them. What they do is in `statemachines/` and the steps they call."""

from souk.workflows.starting import start, use

__all__ = ["start", "use"]
