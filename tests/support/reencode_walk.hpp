#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/decoder.hpp>

#include "reencode_types.hpp"

namespace cmcctl::test {

/// Decodes everything that can be reached from a value: raw members, the contents of CMS structures, the values of
/// controls, attributes and extensions. The visitor is told of each value and of each refusal:
///
///     template <class T> void decoded(const T& value, Octets der);   // `der` is the element it was decoded from
///     template <class T> void part(const T& value);                  // a member; it may have a source
///     void refused(std::string_view type, const Error& error);
template <class Visitor>
class Walk {
 public:
  Walk(Decoder& decoder, Visitor& visitor) : decoder_(decoder), visitor_(visitor) {}

  template <class T>
  bool take(const Any& element) {
    return take_value<T>(decoder_.decode<T>(element), element.der);
  }
  template <class T>
  bool take(const Raw<T>& element) {
    return take_value<T>(decoder_.decode<T>(element), element.der);
  }
  template <class T>
  bool take(Octets element) {
    const auto scanned = decoder_.scan(element);
    if (!scanned) {
      visitor_.refused(public_name<T>(), scanned.error());
      return false;
    }
    return take<T>(*scanned);
  }

  /// The value of a control or attribute as the row's type.
  void take_row(const ControlRow& row, const Any& value) {
    for (const auto& [codec, taker] : takers()) {
      if (codec == row.codec) return (this->*taker)(value);
    }
  }

 private:
  using Taker = void (Walk::*)(const Any&);
  using Codec = const TypeCodec& (*)();

  static const std::vector<std::pair<Codec, Taker>>& takers() {
    static const std::vector<std::pair<Codec, Taker>> all{
#define CMCCTL_TAKER(Type) {&type_codec<Type>, &Walk::take_and_forget<Type>},
        CMCCTL_CODEC_TYPES(CMCCTL_TAKER)
#undef CMCCTL_TAKER
    };
    return all;
  }
  template <class T>
  void take_and_forget(const Any& value) {
    take<T>(value);
  }

  template <class T>
  bool take_value(const Result<T>& value, Octets der) {
    if (!value) {
      visitor_.refused(public_name<T>(), value.error());
      return false;
    }
    visitor_.decoded(*value, der);
    inside(*value);
    return true;
  }

  template <class T>
  void go(const T& value) {
    if constexpr (Wired<T>) {
      visitor_.part(value);
      inside(value);
    } else if constexpr (IsRaw<T>) {
      if constexpr (Wired<typename RawTarget<T>::Type>) take(value);
    } else if constexpr (is_optional<T>) {
      if (value) go(*value);
    } else if constexpr (is_list<T>) {
      for (const auto& one : value) go(one);
    } else if constexpr (is_variant<T>) {
      std::visit([&](const auto& alternative) { go(alternative); }, value);
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
      if (row != nullptr) take_row(*row, value);
    }
  }
  void open(const AttributeTypeAndValue& attribute) {
    const Oid& type = attribute.type;
    if (const ControlRow* row = control_row(type)) take_row(*row, attribute.value);
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
  Visitor& visitor_;
  std::size_t layers_ = 0;
};

}  // namespace cmcctl::test
