#pragma once

#include <cmcctl/cmc/body_parts.hpp>

namespace cmcctl {

/// The codec's lists over the octets that a builder owns; they live no longer than what they were made of.
class BodyPartsViews {
 public:
  template <class Control>
  List<TaggedAttribute> controls(std::span<const Control> from) {
    values_.reserve(from.size());
    controls_.reserve(from.size());
    for (const Control& control : from) {
      values_.push_back(Any{control.value});
      controls_.push_back({control.id, Oid{control.type}, one(values_.back()), {}});
    }
    return {controls_};
  }
  template <class Nested>
  List<TaggedContentInfo> nested(const std::vector<Nested>& from) {
    for (const Nested& part : from) {
      nested_.push_back({part.id, ContentInfo{Oid{part.type}, Any{part.content}, {}}, {}});
    }
    return {nested_};
  }
  template <class Other>
  List<OtherMsg> others(const std::vector<Other>& from) {
    for (const Other& part : from) others_.push_back({part.id, Oid{part.type}, Any{part.value}, {}});
    return {others_};
  }

 private:
  static List<Any> one(const Any& value) { return {std::span<const Any>(&value, 1)}; }

  std::vector<Any> values_;
  std::vector<TaggedAttribute> controls_;
  std::vector<TaggedContentInfo> nested_;
  std::vector<OtherMsg> others_;
};

}  // namespace cmcctl
