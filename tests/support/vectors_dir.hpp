#pragma once

namespace cmcctl::test {

/// The folder tests/vectors. Asked for in one place, so that objects do not depend on where the checkout lies.
const char* vectors_dir();

}  // namespace cmcctl::test
