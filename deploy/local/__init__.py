"""The whole suite on one machine: backing services, keys, processes and their supervisor."""
