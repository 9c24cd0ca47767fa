#!/bin/bash -eu
exec bash -eu "$SRC/cmcctl/fuzz/oss-fuzz/build.sh"
