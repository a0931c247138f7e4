"""The database: tables, transactions, and one store for each entity."""
