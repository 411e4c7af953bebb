"""Teams, source systems, definitions, domains: who and what the catalogue speaks of."""
