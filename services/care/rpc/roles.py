"""Sets of roles that the rooms' tables are made of."""

READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
OPERATE = frozenset({"ops", "admin"})
