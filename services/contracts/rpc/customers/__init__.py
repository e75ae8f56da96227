"""On the wire: customers' upkeep: change, merge, import, export."""
