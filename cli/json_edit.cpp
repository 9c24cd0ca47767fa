#include "json_edit.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

// ".name" or "[3]"; "[]" is the place behind the last element.
struct Step {
  std::string name;
  std::optional<std::size_t> index;
  bool behind_last = false;
};

bool read_index(std::string_view text, Step& step) {
  step.name = "[" + std::string(text) + "]";
  if (text.empty()) {
    step.behind_last = true;
    return true;
  }
  std::size_t index = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error == std::errc{} && rest == text.data() + text.size()) step.index = index;
  return true;
}

std::optional<std::vector<Step>> steps_of(std::string_view path) {
  std::vector<Step> steps;
  while (!path.empty()) {
    if (path.front() == '.' && !steps.empty()) path.remove_prefix(1);
    Step& step = steps.emplace_back();
    if (path.starts_with('[')) {
      const std::size_t close = path.find(']');
      if (close == std::string_view::npos || !read_index(path.substr(1, close - 1), step)) return std::nullopt;
      path.remove_prefix(close + 1);
      continue;
    }
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    if (end == 0) return std::nullopt;
    step.name = path.substr(0, end);
    path.remove_prefix(end);
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

// A value may stand beside side notes.
Json& value_of(Json& node) {
  const auto value = node.is_object() ? node.find("$value") : node.end();
  return node.is_object() && value != node.end() ? *value : node;
}

Json* child(Json& parent, const Step& step) {
  Json& node = value_of(parent);
  if (node.is_array()) return step.index && *step.index < node.size() ? &node[*step.index] : nullptr;
  if (!node.is_object()) return nullptr;
  const auto found = node.find(step.name);
  return found == node.end() ? nullptr : &*found;
}

Json* follow(Json& from, const std::vector<Step>& steps, std::size_t count) {
  Json* node = &from;
  for (std::size_t i = 0; i < count && node != nullptr; ++i) node = child(*node, steps[i]);
  return node;
}

// Every element from which the steps lead somewhere; two are as good as many.
void search(Json& node, const std::vector<Step>& steps, std::size_t count, bool needs_last, std::vector<Json*>& found) {
  if (found.size() > 1 || !node.is_structured()) return;
  Json* const end = follow(node, steps, count);
  const bool leads = end != nullptr && (!needs_last || child(*end, steps.back()) != nullptr);
  if (leads && (found.empty() || found.back() != &value_of(*end))) found.push_back(&value_of(*end));
  for (Json& below : node) search(below, steps, count, needs_last, found);
}

std::string known_names(Json& parent) {
  Json& node = value_of(parent);
  if (node.is_array()) return "there are " + std::to_string(node.size()) + " elements";
  std::string names;
  if (node.is_object()) {
    for (const auto& [key, value] : node.items()) names += " " + escape(key, 80);
  }
  return names.empty() ? "there is nothing" : "there is" + names;
}

std::string change(Json& parent, const Step& last, const JsonEdit& edit) {
  Json& node = value_of(parent);
  const bool remove = edit.kind == JsonEdit::Kind::remove;
  const bool insert = edit.kind == JsonEdit::Kind::insert;
  if (node.is_array()) {
    const std::size_t index = last.behind_last ? node.size() : last.index.value_or(node.size() + 1);
    if (index > node.size() || (remove && index == node.size())) return "no such element; " + known_names(parent);
    const auto place = node.begin() + static_cast<std::ptrdiff_t>(index);
    if (remove) {
      node.erase(place);
    } else if (insert || index == node.size()) {
      node.insert(place, edit.value);
    } else {
      *place = edit.value;
    }
    return {};
  }
  if (!node.is_object()) return "it has no members";
  const bool there = node.contains(last.name);
  if (remove && !there) return "no such member; " + known_names(parent);
  if (insert && there) return "it is there already; --set replaces it";
  if (remove) {
    node.erase(last.name);
  } else {
    node[last.name] = edit.value;
  }
  return {};
}

}  // namespace

std::string apply_edit(Json& message, const JsonEdit& edit) {
  const std::string path = escape(edit.path, 200);
  const auto steps = steps_of(edit.path);
  if (!steps) return path + ": this is no path; one looks like PKIData.reqSequence[0].tcr.bodyPartID";
  const std::size_t before_last = steps->size() - 1;
  Json* parent = follow(message, *steps, before_last);
  if (parent == nullptr || (before_last == 0 && child(message, steps->back()) == nullptr)) {
    std::vector<Json*> found;
    search(message, *steps, before_last, true, found);
    if (found.empty() && before_last != 0) search(message, *steps, before_last, false, found);
    if (found.empty()) return path + ": the message has no such element; cmcctl decode shows it";
    if (found.size() > 1)
      return path + ": there are several; begin the path further out, as cmcctl inspect --tree shows it";
    parent = found.front();
  }
  const std::string problem = change(*parent, steps->back(), edit);
  return problem.empty() ? problem : path + ": " + problem;
}

}  // namespace cmcctl::cli
