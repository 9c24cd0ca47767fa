#include <cmcctl/cmc/body_parts.hpp>

#include <algorithm>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/names.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes kept(Octets bytes) { return {bytes.begin(), bytes.end()}; }

std::string quoted(std::string_view name) { return '\'' + std::string(name) + '\''; }

Result<Bytes> control_oid(std::string_view type) {
  if (const ControlRow* const row = control_row(type)) return *oid_content(row->oid);
  if (auto content = oid_content(type)) return *std::move(content);
  if (const OidEntry* const entry = find_oid_by_name(type)) return *oid_content(entry->dotted);
  return Error{Errc::not_encodable, 0, "TaggedAttribute.attrType", {}, "no control is called " + quoted(type)};
}

}  // namespace

Result<void> BodyParts::check_element(Octets bytes, std::string_view what) {
  Decoder decoder;
  const auto element = decoder.scan(bytes);
  if (element) return {};
  Error error = element.error();
  error.path = what;
  return error;
}

Result<BodyPartID> BodyParts::take(std::optional<BodyPartID> wanted) {
  if (!wanted) {
    while (taken_.contains(next_) || reserved_.contains(next_)) ++next_;
    wanted = BodyPartID(next_);
  }
  if (wanted->value() == 0) {
    return Error{Errc::value_out_of_range, 0, "bodyPartID", "CMC-5272-3.2.2-04", "0 stands for the message itself"};
  }
  if (!taken_.insert(wanted->value()).second) {
    return Error{
        Errc::value_out_of_range, 0, "bodyPartID", "CMC-5272-3.2.2-02",
        std::to_string(wanted->value()) + " is the identifier of another part; give one of the two another one"};
  }
  return *wanted;
}

Result<void> BodyParts::check_place(const ControlRow& row) const {
  const std::string name(row.name);
  if (row.place == Place::attribute || row.place == Place::unsigned_attribute) {
    return Error{Errc::not_encodable, 0, "controlSequence", "CMC-5272-3.2.1.1-01",
                 name + " is an attribute, not a control (" + std::string(row.reference) + ")"};
  }
  if (row.place != Place::both && row.place != place_) {
    return Error{Errc::not_encodable, 0, "controlSequence", "CMC-5272-3.2.1.1-01",
                 name + " is a control of " + (row.place == Place::request ? "PKIData" : "PKIResponse") + " only (" +
                     std::string(row.reference) + ")"};
  }
  if (row.count == Count::many) return {};
  const Bytes oid = *oid_content(row.oid);
  if (std::ranges::any_of(controls_, [&](const Control& control) { return control.type == oid; })) {
    return Error{Errc::not_encodable,
                 0,
                 "controlSequence",
                 {},
                 name + " is there already, and once is enough (" + std::string(row.reference) + ")"};
  }
  return {};
}

Result<BodyPartID> BodyParts::control(std::string_view type, Octets value, std::optional<BodyPartID> id) {
  CMC_TRY(Bytes oid, control_oid(type));
  if (const ControlRow* const row = control_row(Oid{oid})) CMC_CHECK(check_place(*row));
  CMC_CHECK(check_element(value, "TaggedAttribute.attrValues"));
  CMC_TRY(const BodyPartID taken, take(id));
  controls_.push_back({taken, std::move(oid), kept(value)});
  return taken;
}

Result<BodyPartID> BodyParts::nested(Octets content_info, std::optional<BodyPartID> id) {
  Decoder decoder;
  CMC_TRY(const auto info, decoder.decode<ContentInfo>(content_info));
  if (!info.content) return Error{Errc::missing_member, 0, "ContentInfo.content", {}, {}};
  CMC_TRY(const BodyPartID taken, take(id));
  nested_.push_back({taken, kept(info.content_type.content), kept(decoder.original(info.content->der))});
  return taken;
}

Result<BodyPartID> BodyParts::other_msg(std::string_view type, Octets value, std::optional<BodyPartID> id) {
  auto oid = oid_content(type);
  if (!oid) {
    return Error{Errc::not_encodable, 0, "OtherMsg.otherMsgType", {}, quoted(type) + " is no OBJECT IDENTIFIER"};
  }
  CMC_CHECK(check_element(value, "OtherMsg.otherMsgValue"));
  CMC_TRY(const BodyPartID taken, take(id));
  others_.push_back({taken, *std::move(oid), kept(value)});
  return taken;
}

}  // namespace cmcctl
