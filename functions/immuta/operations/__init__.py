"""One module per API operation, named by its operationId; the entry point is `handler`."""
