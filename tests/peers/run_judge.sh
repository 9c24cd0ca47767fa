#!/bin/sh
# Judges re-encoded values with Bouncy Castle, OpenSSL and dumpasn1.
#
#   run_judge.sh BUILD_DIR [MANIFEST.tsv]   lines TYPE, ORIGINAL, REENCODED, separated by tabs (or on standard input)
#   run_judge.sh BUILD_DIR dump FILE...     what Bouncy Castle reads in the messages, one JSON object a line
#   run_judge.sh BUILD_DIR envelopes ...    Bouncy Castle makes or opens an encrypted or authenticated message
#   run_judge.sh BUILD_DIR requests ...     Bouncy Castle verifies a new request, or opens the key archived with it
#   run_judge.sh BUILD_DIR archives ...     Bouncy Castle archives a private key, or opens an archived one (Archives.java)
#   run_judge.sh BUILD_DIR challenge ...    Bouncy Castle answers a challenge, as Challenges.java has it
#   run_judge.sh BUILD_DIR full ...         Bouncy Castle builds Full PKI Requests and reads their answers (FullRequests.java)
#   run_judge.sh BUILD_DIR verdicts LIST    lines TYPE, FILE: what Bouncy Castle says of each, as Verdicts.java has it
#
# BUILD_DIR takes the compiled classes. JAVA_JARS names another folder of the
# jars than /usr/share/java. Exit status: 0 all good, 1 something failed,
# 77 a tool or jar is missing (tests count that as skipped).
set -u

here=$(cd "$(dirname "$0")" && pwd)
jars=${JAVA_JARS:-/usr/share/java}
class_path="$jars/bcpkix.jar:$jars/bcutil.jar:$jars/bcprov.jar"

need() {
    command -v "$1" >/dev/null 2>&1 || { echo "run_judge.sh: $1 is not installed" >&2; exit 77; }
}

compile() {
    mkdir -p "$build" || exit 1
    newest=$(ls -t "$here"/*.java "$build"/Judge.class 2>/dev/null | head -n 1)
    if [ "$newest" != "$build/Judge.class" ]; then
        javac -Xlint:all,-path,-deprecation -Werror -d "$build" -cp "$class_path" "$here"/*.java || exit 1
    fi
}

# Number of encoding errors dumpasn1 finds. An empty [0], a far date and the
# octets of a string that look like text are its opinion of sound values.
asn1_errors() {
    dumpasn1 "$1" 2>&1 | grep 'Error:' | grep -v -c -e 'has zero length' -e 'Time value' -e 'contains illegal character'
}

# The re-encoded file may have no error that the original does not have.
dump_verdict() {
    after=$(asn1_errors "$2")
    [ "$after" -eq 0 ] || [ "$after" -le "$(asn1_errors "$1")" ]
}

second_opinions() {
    good=0
    bad=0
    while IFS="$tab" read -r type original encoded; do
        case $type in '' | '#'*) continue ;; esac
        if ! openssl asn1parse -inform DER -in "$encoded" >/dev/null 2>&1; then
            bad=$((bad + 1))
            echo "$type $encoded: openssl asn1parse refuses it"
        elif ! dump_verdict "$original" "$encoded"; then
            bad=$((bad + 1))
            echo "$type $encoded: dumpasn1 finds $(asn1_errors "$encoded") errors"
        else
            good=$((good + 1))
        fi
    done <"$1"
    echo "openssl and dumpasn1: $good passed, $bad failed"
    [ "$bad" -eq 0 ]
}

[ $# -ge 1 ] || { sed -n '2,17s/^# \{0,1\}//p' "$0" >&2; exit 2; }
build=$1
shift
tab=$(printf '\t')
for tool in java javac; do need "$tool"; done
[ -r "$jars/bcutil.jar" ] || { echo "run_judge.sh: $jars/bcutil.jar is missing" >&2; exit 77; }
compile

if [ "${1:-}" = dump ] || [ "${1:-}" = verdicts ]; then
    exec java -cp "$build:$class_path" Judge "$@"
fi
if [ "${1:-}" = envelopes ]; then
    shift
    exec java -cp "$build:$class_path" Envelopes "$@"
fi
if [ "${1:-}" = requests ]; then
    shift
    exec java -cp "$build:$class_path" NewRequests "$@"
fi
if [ "${1:-}" = archives ]; then
    shift
    exec java -cp "$build:$class_path" Archives "$@"
fi
if [ "${1:-}" = full ]; then
    shift
    exec java -cp "$build:$class_path" FullRequests "$@"
fi
if [ "${1:-}" = challenge ]; then
    shift
    exec java -cp "$build:$class_path" Challenges "$@"
fi
for tool in openssl dumpasn1; do need "$tool"; done

manifest=${1:-}
if [ -z "$manifest" ]; then
    manifest=$build/manifest.tsv
    cat >"$manifest"
fi
status=0
java -cp "$build:$class_path" Judge "$manifest" || status=1
second_opinions "$manifest" || status=1
exit $status
