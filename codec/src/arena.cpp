#include <cmcctl/codec/arena.hpp>

#include <algorithm>
#include <cstring>

namespace cmcctl {
namespace {

constexpr std::size_t first_block = 16u << 10;
constexpr std::size_t largest_step = 4u << 20;

}  // namespace

void* Arena::raw_in_new_block(std::size_t size) {
  if (!add_block(size)) return nullptr;
  std::uint8_t* const result = next_;
  next_ += size;
  used_ += size;
  return result;
}

bool Arena::add_block(std::size_t at_least) {
  if (at_least > budget_ - std::min(budget_, used_)) return false;
  const std::size_t next = next_ == nullptr ? 0 : current_ + 1;
  if (next == blocks_.size()) blocks_.emplace_back();
  if (Block& block = blocks_[next]; block.size < std::max<std::size_t>(at_least, 1)) {  // from an earlier message, and too small for this one
    const std::size_t size = std::max(at_least, std::clamp(used_, first_block, largest_step));
    block = {};
    // Not value-initialised: zeroing megabytes that are overwritten at once would double the cost.
    block = {std::unique_ptr<std::uint8_t[]>(new std::uint8_t[size]), size};
  }
  current_ = next;
  next_ = blocks_[next].memory.get();
  end_ = next_ + blocks_[next].size;
  return true;
}

Octets Arena::copy(Octets bytes) {
  auto* memory = allocate<std::uint8_t>(bytes.size());
  if (memory == nullptr) return {};
  if (!bytes.empty()) std::memcpy(memory, bytes.data(), bytes.size());
  return Octets(memory, memory + bytes.size());
}

void Arena::reset(std::size_t budget) {
  budget_ = budget;
  used_ = 0;
  current_ = 0;
  next_ = blocks_.empty() ? nullptr : blocks_.front().memory.get();
  end_ = blocks_.empty() ? nullptr : next_ + blocks_.front().size;
}

}  // namespace cmcctl
