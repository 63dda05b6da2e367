"""The database under the objects: the contract of back ends, the file back end, locks, the guard."""
