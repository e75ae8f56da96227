"""Sets of roles that the tables of rights are made of."""

STAFF = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
OPERATE = frozenset({"ops", "admin"})
SALES = frozenset({"sales", "ops", "admin"})
DECIDE = frozenset({"sales", "legal", "ops", "admin"})
