#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <cmcctl/codec/decoder.hpp>

#include "schema.hpp"
#include "source_map.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {

struct Decoder::State {
  /// BER that has been made DER already: looked at twice, it costs nothing more.
  struct Made {
    Octets ber;
    Octets der;
    std::size_t depth;
  };

  Limits limits;
  Arena arena;
  SourceMap map;
  std::vector<Oddity> oddities;
  std::vector<Made> made;
  std::size_t depth = 0;
  bool started = false;
  bool ber = false;
};

/// Decodes elements by the module's tables. Every function that returns false has described why in `error()`; while
/// the calls return, each level puts its own step in front of the path.
class Reader {
 public:
  explicit Reader(Decoder& decoder) : decoder_(decoder), state_(*decoder.state_) {}

  Error& error() { return error_; }
  Arena& arena() { return state_.arena; }
  const Limits& limits() const { return state_.limits; }

  bool fail(Errc code, const std::uint8_t* at, std::string detail);
  bool out_of_memory(const std::uint8_t* at) { return fail(Errc::limit_exceeded, at, "limit arena"); }
  bool step_back(std::string_view name);   // the error lies in member `name`
  bool step_back(std::size_t index);       // the error lies in this element of a list

  void note(Severity severity, std::string_view rule, std::string text, Octets where) {
    decoder_.add_oddity(severity, rule, std::move(text), where);
  }

  /// Goes through the tags of the member from outside in, from `element` to the innermost element.
  bool peel(const schema::Member& member, tlv::Element& element);

  /// The contents of a string type: where it came in BER's constructed form under an IMPLICIT tag, its joined
  /// segments. (The scan has already joined those with a universal tag.)
  bool string_content(const tlv::Element& element, Octets& content);

  /// `parent` ends where the member should stand.
  bool missing(const schema::Member& member, const tlv::Element& parent);
  bool mismatch(const schema::Member& member, const tlv::Element& found);
  bool unexpected(const tlv::Element& element, std::string_view type);
  bool no_alternative(const schema::Type& choice, const tlv::Element& element);

 private:
  bool peel_inner(const schema::Member& member, tlv::Element& element);

  Decoder& decoder_;
  Decoder::State& state_;
  Error error_;
};

}  // namespace cmcctl
