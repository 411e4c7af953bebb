"""Bytes of documents: the adapter for S3."""
