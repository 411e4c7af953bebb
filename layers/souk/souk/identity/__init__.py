"""Who calls: principals, API keys, tokens."""
