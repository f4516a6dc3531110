#!/usr/bin/env bash
# A stranger's path: from `init` to a green gate, to a red one on a planted coupling, to an exemption.
# Usage: stranger.sh PATH-OF-THE-PROGRAM. Runs the lines of docs/guides/first-run.md, in order, on a bookshop that it builds.
set -euo pipefail

program=${1:?the path of the program is missing}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/shop"
ln -s "$program" "$folder/bin/twopizza"
export PATH="$folder/bin:$PATH"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=acme GIT_AUTHOR_EMAIL=acme@example.org GIT_COMMITTER_NAME=acme GIT_COMMITTER_EMAIL=acme@example.org
cd "$folder/shop"

fail() {
    printf '%s\n' "stranger: $1" "--- it said:" "${said:-}" >&2
    exit 1
}

# exits CODE COMMAND...: runs the command, keeps what it says.
exits() {
    local wanted=$1 code=0
    shift
    said=$("$@" 2>&1) || code=$?
    [ "$code" = "$wanted" ] || fail "'$*' exits with $code, not $wanted"
}

says() {
    case $said in
        *"$1"*) ;;
        *) fail "it does not say: $1" ;;
    esac
}

package() {
    mkdir -p "services/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n' "$1" >"services/$1/Cargo.toml"
    printf 'fn main() {}\n' >"services/$1/src/main.rs"
}

# The bookshop: three teams, and the search links the catalogue.
mkdir .github
cat >.github/CODEOWNERS <<'END'
/services/cart/ @acme/cart
/services/catalog/ @acme/catalog
/services/search/ @acme/search
END
printf '[workspace]\nresolver = "3"\nmembers = ["services/*"]\n' >Cargo.toml
package cart
package catalog
package search
printf 'pub fn price() -> u32 {\n    12\n}\n' >services/catalog/src/lib.rs
printf 'catalog = { path = "../catalog" }\n' >>services/search/Cargo.toml
printf 'fn main() {\n    println!("{}", catalog::price());\n}\n' >services/search/src/main.rs
git init --quiet
git add .
git commit --quiet --message "The bookshop"

# 1. Look.
exits 0 twopizza
says 'error[direct-link]: team `search` links the implementation of `catalog`'
says 'services/search/src/main.rs:2:20'
exits 0 twopizza why search catalog
says 'forbidden link.impl'
exits 0 twopizza explain direct-link
says 'What it does'

# 2. Write down what no file tells.
exits 0 twopizza init --dry-run
proposed=$said
[ ! -e twopizza.toml ] || fail "a dry run wrote a file"
exits 0 twopizza init
says 'twopizza.toml'
[ "$(cat twopizza.toml)" = "$proposed" ] || fail "init writes something else than the dry run shows"

# 3. Accept what there is.
exits 0 twopizza baseline write
says '1 entry'
exits 0 git add twopizza.toml twopizza-baseline.jsonl
exits 0 git commit --quiet --message "What twopizza finds today"
exits 0 twopizza gate
says 'Gate: open'

# 4. Refuse what is new: the finding names both teams, the line and the clause.
exits 0 twopizza gate
cat >>services/cart/Cargo.toml <<'END'
catalog = { path = "../catalog" }
END
cat >services/cart/src/main.rs <<'END'
use catalog::price;

fn main() {
    println!("{}", price());
}
END
exits 1 twopizza gate
says 'Gate: shut, 1 finding counts'
says 'error[direct-link]: team `cart` links the implementation of `catalog`, which team `catalog` owns
 --> services/cart/src/main.rs:1:5
1 | use catalog::price;
  |     ^^^^^^^^^^^^^^ `catalog` in services/catalog
  = through: services/cart/Cargo.toml:7 → services/catalog/Cargo.toml:2
  = owner: catalog (.github/CODEOWNERS:2 `/services/catalog/ @acme/catalog`)
  = clause 3: no direct linking, only calls over the network
  = try: call a service interface that team `catalog` would have to publish
'

# 5. When it must be yes; the day is a year ahead, whenever this runs.
next_year=$(($(date -u +%Y) + 1))
cat >>twopizza.toml <<END
[[exempt]]
rule = "direct-link"
from = "cart"
to = "catalog"
reason = "moves to the catalog's API (#498)"
owner = "cart"
expires = "$next_year-03-31"
END
exits 0 twopizza gate
says '1 exempt'
[ -z "$(git status --porcelain -- twopizza-baseline.jsonl)" ] || fail "the gate wrote the baseline"

printf 'stranger: all is well\n'
