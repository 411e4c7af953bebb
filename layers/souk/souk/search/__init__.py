"""Full-text search over releases and drafts: an index made from the log and a list of changes, never from a walk."""
