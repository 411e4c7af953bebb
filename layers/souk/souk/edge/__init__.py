"""The edge: one decorator owns parsing, credentials, errors, retries and the commit of every operation."""
