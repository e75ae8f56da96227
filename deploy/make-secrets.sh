#!/usr/bin/env bash
# Makes the keys and passwords that deploy/compose.yaml asks for; what exists already is kept.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets/providers
random() { openssl rand -hex 24; }

[ -e secrets/internal.pem ] || openssl genpkey -algorithm ed25519 -out secrets/internal.pem
openssl pkey -in secrets/internal.pem -pubout -out secrets/internal.pub.pem
[ -e secrets/mongo.key ] || openssl rand -base64 567 >secrets/mongo.key
[ -e secrets/mongo-root-password ] || random | tr -d '\n' >secrets/mongo-root-password
[ -e secrets/links.key ] || openssl rand -hex 32 >secrets/links.key
# The containers' user is not the host's: the files are readable, the folder that holds them is closed.
chmod 700 secrets
chmod 755 secrets/providers
chmod 644 secrets/internal.pem secrets/internal.pub.pem secrets/mongo.key secrets/mongo-root-password secrets/links.key

touch .env
for name in CONTRACTS_MONGO_PASSWORD CARE_MONGO_PASSWORD FEEDBACK_MONGO_PASSWORD KPI_MONGO_PASSWORD RABBITMQ_PASSWORD; do
    grep -q "^$name=" .env || echo "$name=$(random)" >>.env
done
echo "Made deploy/secrets/ and deploy/.env. Now add to deploy/.env: SMTP_URL, MAIL_FROM, OIDC_ISSUER, OIDC_JWKS_URL."
