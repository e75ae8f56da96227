#!/usr/bin/env bash
# Runs every check that needs no running product; goes on after a failure, so that one run shows all of them.
set -uo pipefail
cd "$(dirname "$0")/../.."
BIN=.venv/bin
failed=()

check() {
    local name=$1 began=$SECONDS output
    shift
    if output=$("$@" 2>&1); then
        printf '  \033[32mok\033[0m    %-28s %3ds\n' "$name" $((SECONDS - began))
    else
        printf '  \033[31mFAILED\033[0m %-28s %3ds\n%s\n' "$name" $((SECONDS - began)) "$(head -n 80 <<<"$output")"
        failed+=("$name")
    fi
}

# Against main as others have it, else the commit before this one; a clone without history has nothing to compare with.
proto_breaking() {
    local earlier
    for earlier in origin/main HEAD~1; do
        git rev-parse --verify --quiet "$earlier:buf.yaml" >/dev/null || continue
        git ls-tree -r --name-only "$earlier" -- protos | grep -q '\.proto$' || continue
        [ "$(git rev-parse "$earlier^{commit}")" != "$(git rev-parse HEAD)" ] || continue
        check "buf breaking ($earlier)" "$BIN/buf" breaking --against ".git#ref=$(git rev-parse "$earlier^{commit}")"
        return
    done
    echo "  --    buf breaking: skipped, there is no earlier version of the protos to compare with"
}

check "ruff" "$BIN/ruff" check --quiet .
check "ruff format" "$BIN/ruff" format --check --quiet .
check "mypy --strict" "$BIN/python" -m mypy
check "import rules" "$BIN/lint-imports"
check "buf lint" "$BIN/buf" lint
check "buf format" "$BIN/buf" format -d --exit-code
proto_breaking
check "spelling" "$BIN/codespell" .
check "ceilings and images" "$BIN/python" -m tests.house
check "compose file" "$BIN/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose.yaml
check "lock file" "$BIN/python" -m deploy.local.lockfile

if [ ${#failed[@]} -gt 0 ]; then
    printf 'lint: %d of the checks failed: %s\n' ${#failed[@]} "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
echo "lint: all checks passed"
