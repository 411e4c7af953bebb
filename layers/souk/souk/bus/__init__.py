"""The event bus: where events and notices go to whoever subscribes."""
