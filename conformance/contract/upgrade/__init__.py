"""Documents of other versions brought to OpenAPI 3.1 and AsyncAPI 3.0, which are all that the suite judges by."""
