"""The OpenAPI 3.1 documents of the doors, generated: `python -m local.openapi` writes them (`make openapi`).

Routes and operationIds come from the templates, request bodies from the pydantic schemas, refusals from the doors' own
error tables, examples from the recorded invocations; `declared/<door>.yaml` says what no code says: what is answered.
"""
