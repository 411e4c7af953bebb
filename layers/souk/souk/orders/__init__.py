"""Orders: what somebody asks of a release under its terms, and how it is delivered, item by item."""
