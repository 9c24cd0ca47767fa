#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include <cmcctl/codec/encoder.hpp>

#include "reencode_types.hpp"

namespace cmcctl::test {

/// Makes a value of any type, by its members. Variant 0 has no optional member and one element in each list; each
/// further variant has all optional members, two elements, and another alternative of each CHOICE.
class Samples {
 public:
  /// As many variants are worth making.
  static constexpr std::size_t variants = 10;

  explicit Samples(std::size_t variant) : variant_(variant) {}

  template <class T>
  T make() {
    T value{};
    fill(value);
    return value;
  }

 private:
  Octets keep(std::vector<std::uint8_t> bytes) { return Octets(bytes_.emplace_back(std::move(bytes))); }
  Octets keep_text(std::string_view text) { return keep(std::vector<std::uint8_t>(text.begin(), text.end())); }

  void fill(bool& out) { out = true; }
  void fill(std::int64_t& out) { out = 1; }
  void fill(Integer& out) { out.content = keep(integer_content(variant_ == 0 ? 1 : 200)); }
  void fill(BodyPartID& out) { out = BodyPartID(variant_ == 0 ? 7 : 4'294'967'295u); }
  void fill(Oid& out) { out.content = keep(*oid_content("1.2.840.113549.1.9.99")); }
  void fill(BitString& out) { out = {keep({0xA5, 0xE0}), 5}; }
  void fill(Octets& out) { out = keep_text("sample"); }
  void fill(Utf8String& out) { out.bytes = keep_text("Gr\xC3\xBC\xC3\x9F" "e"); }
  void fill(Time& out) { out = {keep_text("20260721035244Z"), Time::Form::generalized}; }
  void fill(Any& out) { out.der = keep({0x0C, 0x03, 'A', 'n', 'y'}); }
  void fill(Null&) {}
  template <bool Default>
  void fill(DefaultBool<Default>& out) {
    out.value = variant_ == 0 ? Default : !Default;
  }
  template <class E>
    requires std::is_enum_v<E>
  void fill(E& out) {
    out = static_cast<E>(variant_ == 0 ? 0 : 3);
  }
  void fill(SubsequentMessage& out) { out = SubsequentMessage::challengeResp; }

  void fill(DirectoryString::Bmp& out) { out.bytes = keep({0x00, 'B'}); }
  void fill(DirectoryString::Universal& out) { out.bytes = keep({0x00, 0x00, 0x00, 'U'}); }
  void fill(GeneralName::IPAddress& out) { out.value = keep({192, 0, 2, 1}); }
  void fill(Raw<ORAddress>& out) { out.der = keep({0x30, 0x02, 0x30, 0x00}); }
  void fill(Raw<RevokedCertificates>& out) {
    out.der = keep({0x30, 0x14, 0x30, 0x12, 0x02, 0x01, 0x05, 0x17, 0x0D, '2', '6', '0', '7', '2', '1', '0',
                    '3',  '5',  '2',  '4',  '4',  'Z'});
  }

  template <class T>
  void fill(Raw<T>& out) {
    if (auto der = encode(make<T>())) out.der = keep(*std::move(der));
  }
  template <class T>
  void fill(std::optional<T>& out) {
    if (variant_ != 0) fill(out.emplace());
  }
  void fill(ChangeSubjectName& out) {
    if (variant_ % 3 != 1) fill(out.subject.emplace());
    if (variant_ % 3 != 0) fill(out.subject_alt.emplace());
  }
  template <class T>
  void fill(List<T>& out) {
    const std::size_t count = variant_ == 0 ? 1 : 2;
    auto values = std::make_shared<std::vector<T>>(count);
    for (T& value : *values) fill(value);
    out = List<T>(std::span<const T>(*values));
    lists_.push_back(std::move(values));
  }
  template <class... T>
  void fill(std::variant<T...>& out) {
    choose(out, variant_ % sizeof...(T), std::index_sequence_for<T...>());
  }
  template <class V, std::size_t... I>
  void choose(V& out, std::size_t wanted, std::index_sequence<I...>) {
    ((I == wanted ? fill(out.template emplace<I>()) : void()), ...);
  }
  template <Wired T>
  void fill(T& out) {
    each_member(out, [&](auto& member) { fill(member); });
  }

  std::size_t variant_;
  std::deque<std::vector<std::uint8_t>> bytes_;
  std::vector<std::shared_ptr<void>> lists_;
};

}  // namespace cmcctl::test
