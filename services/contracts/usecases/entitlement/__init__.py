"""What people do with cover: ask for it, use allowances, and order what is charged."""
