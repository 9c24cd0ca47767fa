#!/bin/bash -eu
# Builds the fuzz targets for OSS-Fuzz and ClusterFuzzLite. CMake takes $CC, $CXX, $CFLAGS and $CXXFLAGS from the
# environment. Where the targets run there is nothing but $OUT, so libcrypto is linked statically. The targets read the
# codec only; crypto would want a Botan that is made with the same C++ library.
build=$WORK/cmcctl-$SANITIZER
rm -rf "$build"

cmake -S "$SRC/cmcctl" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMCCTL_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" \
  -DCMCCTL_BUILD_CLI=OFF -DCMCCTL_BUILD_TESTS=OFF -DCMCCTL_BUILD_BENCH=OFF -DCMCCTL_BUILD_EXAMPLES=OFF \
  -DCMCCTL_BUILD_LAYERS="generated;codec" -DCMCCTL_INSTALL=OFF -DCMCCTL_HARDEN=OFF -DOPENSSL_USE_STATIC_LIBS=ON
cmake --build "$build"
cp "$build"/fuzz/*_fuzzer "$build"/fuzz/*_fuzzer{.dict,.options,_seed_corpus.zip} "$OUT"
