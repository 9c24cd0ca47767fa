#include "vectors_dir.hpp"

namespace cmcctl::test {

const char* vectors_dir() { return CMCCTL_VECTORS_DIR; }

}  // namespace cmcctl::test
