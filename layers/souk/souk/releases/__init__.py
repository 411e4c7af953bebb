"""Releases and drafts: versioned snapshots of a product's card, with contract terms and documents.

A draft and the release it becomes are one record for life. The newest available release mirrors the card: what another
door writes to the card shows in it, and a change of it changes the card. A product that another door made shows as one
available release. Drafts of a product that has no card yet hang on its `offering`.
"""
