#include "reader.hpp"

#include <cstring>
#include <vector>

#include "scan.hpp"

namespace cmcctl {
namespace {

// The rule that a structural error inside a type breaks, where the catalogue has one.
std::string_view rule_of(std::string_view type) {
  struct Row {
    std::string_view type;
    std::string_view rule;
  };
  static constexpr Row rows[]{
      {"ContentInfo", "CMC-5652-3-01"},
      {"PKIData", "CMC-5272-3.2.1-01"},
      {"PKIResponse", "CMC-5272-4.2.1-01"},
      {"TaggedAttribute", "CMC-5272-3.2.1.1-01"},
      {"TaggedCertificationRequest", "CMC-5272-3.2.1.2.1-05"},
      {"CertReqMsg", "CMC-5272-3.2.1.2.2-08"},
      {"OtherReqMsg", "CMC-5272-3.2.1.2.3-01"},
      {"BodyPartID", "CMC-5272-3.2.2-01"},
      {"CMCStatusInfoV2", "CMC-5272-6.1.1-03"},
      {"CMCStatusInfo", "CMC-5272-6.1.2-01"},
      {"IdentityProofV2", "CMC-5272-6.2.1-01"},
      {"PopLinkWitnessV2", "CMC-5272-6.3.1.1-07"},
      {"GetCert", "CMC-5272-6.9-02"},
      {"GetCRL", "CMC-5272-6.10-01"},
      {"RevokeRequest", "CMC-5272-6.11-01"},
      {"SignerInfo", "CMC-5652-5.3-01"},
      {"CertTemplate", "CMC-4211-5-04"},
      {"ProofOfPossession", "CMC-4211-4.1-02"},
      {"POPOPrivKey", "CMC-4211-4.2-01"},
  };
  for (const Row& row : rows) {
    if (row.type == type) return row.rule;
  }
  return {};
}

std::string expected(const schema::Member& member) {
  if (member.tag_count == 0) return std::string(member.type->name);
  std::uint8_t id = member.tags[0];
  if (member.type->constructed() || member.type->kind == schema::Kind::raw || member.tag_count > 1) {
    id |= tlv::constructed_bit;
  }
  std::string text = tag_name(id);
  if (!tlv::is_universal(id)) text += " " + std::string(member.type->name);
  return text;
}

}  // namespace

bool Reader::fail(Errc code, const std::uint8_t* at, std::string detail) {
  error_ = Error{code, state_.map.offset(at), {}, {}, std::move(detail)};
  return false;
}

bool Reader::step_back(std::string_view name) {
  error_.path.insert(0, "." + std::string(name));
  return false;
}

bool Reader::step_back(std::size_t index) {
  error_.path.insert(0, "[" + std::to_string(index) + "]");
  return false;
}

bool Reader::missing(const schema::Member& member, const tlv::Element& parent) {
  fail(Errc::missing_member, parent.whole.data(), "the element ends before " + expected(member));
  error_.rule = rule_of(member.type->name);
  return false;
}

bool Reader::mismatch(const schema::Member& member, const tlv::Element& found) {
  if (member.tag_count == 0 && member.type->kind == schema::Kind::choice) return no_alternative(*member.type, found);
  fail(Errc::unexpected_tag, found.whole.data(), "expected " + expected(member) + ", found " + tag_name(found.id));
  error_.rule = rule_of(member.type->name);
  return false;
}

bool Reader::unexpected(const tlv::Element& element, std::string_view type) {
  fail(Errc::unexpected_member, element.whole.data(),
       tag_name(element.id) + " after the last member of " + std::string(type));
  error_.rule = rule_of(type);
  return false;
}

bool Reader::no_alternative(const schema::Type& choice, const tlv::Element& element) {
  std::string detail = std::string(choice.name) + " has no alternative " + tag_name(element.id) + ", only ";
  for (const schema::Member& alternative : choice.members) {
    if (&alternative != &choice.members.front()) detail += ", ";
    detail += std::string(alternative.name) + " " + expected(alternative);
  }
  fail(Errc::no_alternative, element.whole.data(), std::move(detail));
  error_.rule = rule_of(choice.name);
  return false;
}

bool Reader::peel(const schema::Member& member, tlv::Element& element) {
  using schema::Kind;
  const Kind kind = member.type->kind;
  if (member.tag_count > 1 || (member.tag_count == 1 && (kind == Kind::any || kind == Kind::choice))) {
    if (!peel_inner(member, element)) return false;
  }
  // The scan has seen to the form of universal tags; under an IMPLICIT tag only the module knows it.
  const bool constructed = tlv::is_constructed(element.id);
  if (member.type->constructed() || (kind == Kind::raw)) {
    if (!constructed) return fail(Errc::bad_tag, element.whole.data(), "primitive form of " + expected(member));
    return true;
  }
  const bool string = kind == Kind::octet_string || kind == Kind::utf8_string || kind == Kind::other_string;
  if (constructed && kind != Kind::any && kind != Kind::choice && !string) {
    return fail(Errc::bad_tag, element.whole.data(), "constructed form of " + expected(member));
  }
  if (!tlv::is_universal(element.id)) {
    Scan scan;
    bool ber_only = false;
    const std::uint8_t id = schema::contents_like(kind);
    if (id != 0 && !check_primitive(id, element.content, limits(), scan, ber_only)) {
      return fail(scan.code, element.whole.data(), std::move(scan.detail));
    }
    if (ber_only) {
      note(Severity::note, "CMC-X690-11-01", "BER, not DER: " + tag_name(element.id) + " whose contents are not DER's",
           element.whole);
    }
  }
  return true;
}

bool Reader::peel_inner(const schema::Member& member, tlv::Element& element) {
  using schema::Kind;
  const Kind kind = member.type->kind;
  const bool untagged = kind == Kind::any || kind == Kind::choice;
  const std::size_t outer_tags = untagged ? member.tag_count : member.tag_count - 1u;
  for (std::size_t i = 0; i < outer_tags; ++i) {
    if (!tlv::is_constructed(element.id) || element.content.empty()) {
      return fail(Errc::missing_member, element.whole.data(),
                  "the EXPLICIT tag " + tag_name(element.id) + " has nothing inside");
    }
    const tlv::Element inner = tlv::first(element.content);
    if (inner.whole.size() != element.content.size()) {
      return fail(Errc::unexpected_member, inner.whole.end_ptr(),
                  "a second element inside the EXPLICIT tag " + tag_name(element.id));
    }
    element = inner;
    if (i + 1 < member.tag_count && (element.id & 0xDF) != member.tags[i + 1]) {
      return fail(Errc::unexpected_tag, element.whole.data(),
                  "expected " + std::string(member.type->name) + ", found " + tag_name(element.id));
    }
  }
  return true;
}

bool Reader::string_content(const tlv::Element& element, Octets& content) {
  content = element.content;
  if (!tlv::is_constructed(element.id)) return true;
  note(Severity::note, "CMC-X690-11-01",
       tag_name(element.id) + " in constructed form: BER's segments, or an EXPLICIT tag where the module has an "
       "IMPLICIT one", element.whole);
  std::size_t size = 0;
  std::size_t segments = 0;
  for (tlv::Cursor cursor(element.content); !cursor.at_end(); ++segments) {
    const tlv::Element segment = cursor.next();
    if (segment.id != tlv::octet_string) {
      return fail(Errc::bad_string, segment.whole.data(),
                  "found " + tag_name(segment.id) + " as segment of a constructed string");
    }
    content = segment.content;
    size += segment.content.size();
  }
  if (segments <= 1) return segments == 1 || (content = {}, true);

  auto* joined = arena().allocate<std::uint8_t>(size);
  if (joined == nullptr) return out_of_memory(element.whole.data());
  std::vector<SourceMap::Run> runs;
  std::size_t at = 0;
  for (tlv::Cursor cursor(element.content); !cursor.at_end();) {
    const Octets segment = cursor.next().content;
    if (segment.empty()) continue;
    runs.push_back({at, segment.data()});
    std::memcpy(joined + at, segment.data(), segment.size());
    at += segment.size();
  }
  content = Octets(joined, joined + size);
  state_.map.add(content, std::move(runs));
  return true;
}

}  // namespace cmcctl
