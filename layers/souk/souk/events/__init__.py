"""Events from the outbox to their readers: sequencer, log, feed, relay."""
