#include "cmcctl/codec/requirements.hpp"

#include <algorithm>
#include <iterator>

namespace cmcctl {
namespace {

constexpr Requirement catalogue[] = {
#include "requirements.inc"
};

constexpr bool all_columns_filled() {
  for (const Requirement& row : catalogue) {
    if (row.id.empty() || row.statement.empty()) return false;
  }
  return true;
}
static_assert(all_columns_filled(), "a row of docs/requirements.tsv has too few columns");

}  // namespace

std::span<const Requirement> requirements() { return catalogue; }

const Requirement* find_requirement(std::string_view id) {
  const auto row = std::ranges::find(catalogue, id, &Requirement::id);
  return row != std::end(catalogue) ? row : nullptr;
}

}  // namespace cmcctl
