"""The hub: health, token exchange, public keys and API documents; what belongs to no single door."""
