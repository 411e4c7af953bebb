"""Data products: the card that every door shows, and the commands that change it."""
