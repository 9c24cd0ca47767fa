#include "suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "text.hpp"

namespace cmcctl::cli {
namespace {

/// How many letters have to be inserted, deleted, replaced or swapped with their neighbour to get from a to b.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  constexpr std::size_t most = 3;
  constexpr std::size_t longest_word = 100;  // the distance costs the product of the lengths
  if (word.size() > longest_word) return {};

  const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const std::size_t d = distance(to_lower(word), to_lower(name));
    if (d <= allowed) found.emplace_back(d, name);
  }
  std::ranges::sort(found);
  std::vector<std::string> result;
  for (auto& [d, name] : found) {
    const bool known = std::ranges::find(result, name) != result.end();
    if (!known && result.size() < most) result.push_back(std::move(name));
  }
  return result;
}

std::string did_you_mean(std::span<const std::string> names) {
  if (names.empty()) return {};
  std::string text = "; did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "'" + names[i] + "'";
  }
  return text + "?";
}

}  // namespace cmcctl::cli
