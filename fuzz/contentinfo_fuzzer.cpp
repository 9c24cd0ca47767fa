#include <cmcctl/codec/cms.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

template <class T>
void check_content(Kept& kept, const Any& content) {
  const std::size_t known_oddities = kept.decoder.oddities().size();
  (void)check_element<T>(kept, content);
  kept.decoder.drop_oddities(known_oddities);  // the next type may find the same again
}

void check(Kept& kept, Octets input) {
  kept.decoder.reset(input);
  const auto info = check_element<ContentInfo>(kept, input);
  if (!info || !info->content) return;
  check_content<SignedData>(kept, *info->content);
  check_content<EnvelopedData>(kept, *info->content);
  check_content<AuthEnvelopedData>(kept, *info->content);
  check_content<AuthenticatedData>(kept, *info->content);
  check_content<EncryptedData>(kept, *info->content);
}

}  // namespace

// The ContentInfo, and what it holds as each of the CMS contents.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Kept kept;
  const Octets input(data, data + size);
  check(kept, input);
  if (is_one_in(16, input)) {
    Kept fresh;  // so that the sanitizer sees a view into memory that is gone
    check(fresh, input);
  }
  return 0;
}
