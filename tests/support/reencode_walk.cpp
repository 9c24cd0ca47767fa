#include "reencode_walk.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/controls.hpp>

#include "reencode_types.hpp"

namespace cmcctl::test {
namespace {

class Walk {
 public:
  Walk(Decoder& decoder, WalkVisitor& visitor) : decoder_(decoder), visitor_(visitor) {}

  bool take(const AnyType& type, const Any& element) {
    return (this->*std::ranges::find(ways(), type.name, &Way::type)->take)(element);
  }

 private:
  struct Way {
    std::string_view type;
    const TypeCodec& (*codec)();
    bool (Walk::*take)(const Any&);
  };
  static std::span<const Way> ways();

  /// The value of a control or attribute as the row's type.
  void take(const ControlRow& row, const Any& value) {
    (this->*std::ranges::find(ways(), row.codec, &Way::codec)->take)(value);
  }
  template <class T>
  bool take(const Any& element) {
    return take_value<T>(decoder_.decode<T>(element), element.der);
  }
  template <class T>
  bool take(Octets element) {
    const auto scanned = decoder_.scan(element);
    if (scanned) return take<T>(*scanned);
    visitor_.refused(public_name<T>(), scanned.error());
    return false;
  }

  template <class T>
  static const AnyType& type_of() {
    static const AnyType& type = any_type(public_name<T>());
    return type;
  }

  template <class T>
  bool take_value(const Result<T>& value, Octets der) {
    if (!value) {
      visitor_.refused(public_name<T>(), value.error());
      return false;
    }
    visitor_.decoded(type_of<T>(), &*value, der);
    inside(*value);
    return true;
  }

  template <class T>
  void go(const T& value) {
    if constexpr (Wired<T>) {
      tell_of_part(value);
      inside(value);
    } else if constexpr (IsRaw<T>) {
      using Target = typename RawTarget<T>::Type;
      if constexpr (Wired<Target>) take_value<Target>(decoder_.decode(value), value.der);
    } else if constexpr (is_optional<T>) {
      if (value) go(*value);
    } else if constexpr (is_list<T>) {
      for (const auto& one : value) go(one);
    } else if constexpr (is_variant<T>) {
      std::visit([&](const auto& alternative) { go(alternative); }, value);
    }
  }
  template <class T>
  void tell_of_part(const T& value) {
    if constexpr (!public_name<T>().empty()) {
      std::optional<Octets> source;
      if constexpr (requires { value.source; }) source = value.source.bytes;
      visitor_.part(type_of<T>(), &value, source);
    }
  }
  template <class T>
  void inside(const T& value) {
    open(value);
    each_member(value, [&](const auto& member) { go(member); });
  }

  static bool is(const Oid& oid, std::string_view dotted) {
    static std::vector<std::pair<std::string_view, std::vector<std::uint8_t>>> known;
    for (const auto& [text, content] : known) {
      if (text.data() == dotted.data()) return oid.content == Octets(content);
    }
    known.emplace_back(dotted, *oid_content(dotted));
    return oid.content == Octets(known.back().second);
  }

  // --- What stands in ANYs and OCTET STRINGs ---------------------------------------------------------------------

  template <class T>
  void open(const T&) {}

  void open(const ContentInfo& info) {
    if (info.content) content(info.content_type, *info.content);
  }
  void open(const EncapsulatedContentInfo& info) {
    if (const auto octets = content_octets(info)) content(info.e_content_type, *octets);
  }
  /// `bytes` is an Any, or the Octets of an OCTET STRING.
  template <class Bytes>
  void content(const Oid& type, const Bytes& bytes) {
    if (layers_ == decoder_.limits().layers) return;
    ++layers_;
    if (is(type, "1.2.840.113549.1.7.2")) take<SignedData>(bytes);
    if (is(type, "1.2.840.113549.1.7.3")) take<EnvelopedData>(bytes);
    if (is(type, "1.2.840.113549.1.7.5")) take<DigestedData>(bytes);
    if (is(type, "1.2.840.113549.1.7.6")) take<EncryptedData>(bytes);
    if (is(type, "1.2.840.113549.1.9.16.1.2")) take<AuthenticatedData>(bytes);
    if (is(type, "1.2.840.113549.1.9.16.1.23")) take<AuthEnvelopedData>(bytes);
    if (is(type, "1.2.840.113549.1.9.16.1.6")) take<ContentInfo>(bytes);
    if (is(type, "1.3.6.1.5.5.7.12.2")) take<PKIData>(bytes);
    if (is(type, "1.3.6.1.5.5.7.12.3")) take<PKIResponse>(bytes);
    --layers_;
  }

  void open(const SignedData& data) {
    if (data.certificates) certificates(*data.certificates);
    if (data.crls) crls(*data.crls);
  }
  void open(const OriginatorInfo& info) {
    if (info.certs) certificates(*info.certs);
    if (info.crls) crls(*info.crls);
  }
  void certificates(const List<Any>& all) {
    for (const Any& one : all) {
      if (one.der[0] == tlv::sequence) take<Certificate>(one);
    }
  }
  void crls(const List<Any>& all) {
    for (const Any& one : all) {
      if (one.der[0] == tlv::sequence) take<CertificateList>(one);
    }
  }
  void open(const TaggedAttribute& control) { values(control.attr_type, control.attr_values); }
  void open(const Attribute& attribute) { values(attribute.type, attribute.values); }
  void values(const Oid& type, const List<Any>& all) {
    const bool extensions = is(type, "1.2.840.113549.1.9.14") || is(type, "1.3.6.1.4.1.311.2.1.14");
    const ControlRow* row = control_row(type);
    for (const Any& value : all) {
      if (extensions) take<Extensions>(value);
      if (row != nullptr) take(*row, value);
    }
  }
  void open(const AttributeTypeAndValue& attribute) {
    const Oid& type = attribute.type;
    if (const ControlRow* row = control_row(type)) take(*row, attribute.value);
    if (is(type, "1.3.6.1.5.5.7.5.1.3")) take<PKIPublicationInfo>(attribute.value);
    if (is(type, "1.3.6.1.5.5.7.5.1.4")) take<PKIArchiveOptions>(attribute.value);
    if (is(type, "1.3.6.1.5.5.7.5.1.5")) take<CertId>(attribute.value);
    if (is(type, "1.3.6.1.5.5.7.5.1.6")) take<SubjectPublicKeyInfo>(attribute.value);
    if (is(type, "1.3.6.1.5.5.7.5.2.2")) take<CertRequest>(attribute.value);
    if (is(type, "2.5.4.3") || is(type, "2.5.4.10") || is(type, "2.5.4.11")) take<DirectoryString>(attribute.value);
  }
  void open(const AlgorithmIdentifier& algorithm) {
    if (algorithm.parameters && is(algorithm.algorithm, "1.2.840.113533.7.66.13")) {
      take<PBMParameter>(*algorithm.parameters);
    }
  }
  void open(const Extension& extension) {
    if (is(extension.extn_id, "2.5.29.17") || is(extension.extn_id, "2.5.29.18")) {
      take<GeneralNames>(extension.extn_value);
    }
  }
  void open(const OtherRecipientInfo& info) {
    if (is(info.ori_type, "1.2.840.113549.1.9.16.13.3")) take<KEMRecipientInfo>(info.ori_value);
  }

  Decoder& decoder_;
  WalkVisitor& visitor_;
  std::size_t layers_ = 0;
};

std::span<const Walk::Way> Walk::ways() {
#define CMCCTL_WAY(Type) {#Type, type_codec<Type>, &Walk::take<Type>},
  static constexpr Way all[]{CMCCTL_CODEC_TYPES(CMCCTL_WAY)};
#undef CMCCTL_WAY
  return all;
}

}  // namespace

bool walk(Decoder& decoder, WalkVisitor& visitor, const AnyType& type, const Any& element) {
  return Walk(decoder, visitor).take(type, element);
}

bool walk(Decoder& decoder, WalkVisitor& visitor, const AnyType& type, Octets element) {
  const auto scanned = decoder.scan(element);
  if (scanned) return walk(decoder, visitor, type, *scanned);
  visitor.refused(type.name, scanned.error());
  return false;
}

}  // namespace cmcctl::test
