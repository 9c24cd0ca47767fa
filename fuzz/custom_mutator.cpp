// How libFuzzer changes a binary message: on the tree of its elements, so that the change gets past the lengths.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <cmcctl/codec/mutate.hpp>

#include "mutate_edit.hpp"

// Weak, since engines other than libFuzzer need not offer it.
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace cmcctl;
using mutation::Bytes;
using mutation::Element;

std::size_t put(const Bytes& bytes, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(bytes.size(), max_size);
  std::copy_n(bytes.begin(), size, data);
  return size;
}

/// The fuzzer's own mutations, with its dictionary and what it saw compared, on the contents of one primitive element.
/// 0 when there is none, or no room.
std::size_t mutate_contents(std::uint8_t* data, std::size_t size, std::size_t max_size, mutation::Random& random) {
  constexpr std::size_t header_octets = 64;  // by which all lengths around it may grow
  if (size + header_octets >= max_size) return 0;
  Element root = mutation::parse(Octets(data, data + size));
  mutation::Edit edit(root, random, max_size - size);
  Element* const element = edit.at(mutation::is_primitive);
  if (element == nullptr) return 0;
  Bytes content(element->content.begin(), element->content.end());
  const std::size_t old_size = content.size();
  content.resize(std::min(old_size + header_octets, old_size + (max_size - size - header_octets)));
  content.resize(LLVMFuzzerMutate(content.data(), old_size, content.size()));
  element->content = Octets(content);
  const Bytes bytes = mutation::write(root);
  return bytes.size() > max_size ? 0 : put(bytes, data, max_size);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  mutation::Random random(seed);
  if (LLVMFuzzerMutate == nullptr || random.one_in(2)) {
    return put(mutate_octets(Octets(data, data + size), MutationKind::all, random.next(), max_size), data, max_size);
  }
  if (random.one_in(2)) {
    if (const std::size_t changed = mutate_contents(data, size, max_size, random)) return changed;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* a, std::size_t a_size, const std::uint8_t* b,
                                                 std::size_t b_size, std::uint8_t* out, std::size_t max_size,
                                                 unsigned int seed) {
  return put(cross_over(Octets(a, a + a_size), Octets(b, b + b_size), seed, max_size), out, max_size);
}
