"""The demo company: what it is made of, as plain data. Loaded with demo data only."""
