"""The AsyncAPI 3.1 document of the events, generated: `python -m local.asyncapi` writes it (`make openapi` too).

Names come from the core's own table of names and from the door that leaves audit events; `declared.yaml` says which
verbs each kind knows, and what the notices carry.
"""
