#include "short_pki_data.hpp"

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

// TaggedRequest is a CHOICE of context tags. The others are SEQUENCEs that begin with a bodyPartID: then comes the
// ContentInfo of a TaggedContentInfo, or an OBJECT IDENTIFIER and the SET of a TaggedAttribute, or that and any value.
std::optional<ShortPKIData::Index> tell_list(const tlv::Element& list) {
  if (list.id != tlv::sequence || list.content.empty()) return std::nullopt;
  const tlv::Element element = tlv::first(list.content);
  if (element.id != tlv::sequence) return ShortPKIData::requests;
  tlv::Cursor members(element.content);
  if (members.at_end() || members.next().id != tlv::integer || members.at_end()) return std::nullopt;
  if (members.next().id == tlv::sequence) return ShortPKIData::cms;
  return !members.at_end() && members.next_id() == tlv::set ? ShortPKIData::controls : ShortPKIData::other_msgs;
}

template <class T>
bool read_list(Decoder& decoder, Octets bytes, List<T>& out) {
  if (bytes.empty()) return true;
  const Octets content = tlv::first(bytes).content;
  const std::size_t count = tlv::count_elements(content);
  T* values = decoder.arena().allocate<T>(count);
  if (values == nullptr) return false;
  tlv::Cursor cursor(content);
  for (std::size_t i = 0; i < count; ++i) {
    auto value = decoder.decode<T>(Any{cursor.next().whole, true});
    if (!value) return false;
    new (values + i) T(*std::move(value));
  }
  out = List<T>(std::span<const T>(values, count));
  out.source.bytes = bytes;
  return true;
}

}  // namespace

std::optional<ShortPKIData> split_short_pki_data(Octets scanned) {
  const tlv::Element whole = tlv::first(scanned);
  if (whole.id != tlv::sequence || tlv::count_elements(whole.content) >= 4) return std::nullopt;
  ShortPKIData data;
  for (tlv::Cursor cursor(whole.content); !cursor.at_end();) {
    const tlv::Element list = cursor.next();
    const auto index = tell_list(list);
    if (!index || !data.lists[*index].empty()) return std::nullopt;
    data.lists[*index] = list.whole;
  }
  return data;
}

std::optional<PKIData> read_short_pki_data(Decoder& decoder, Octets octets) {
  const std::size_t oddities = decoder.oddities().size();
  const auto scanned = decoder.scan(octets);
  PKIData data;
  if (scanned) {
    const auto parts = split_short_pki_data(scanned->der);
    if (parts && read_list(decoder, parts->lists[ShortPKIData::controls], data.control_sequence) &&
        read_list(decoder, parts->lists[ShortPKIData::requests], data.req_sequence) &&
        read_list(decoder, parts->lists[ShortPKIData::cms], data.cms_sequence) &&
        read_list(decoder, parts->lists[ShortPKIData::other_msgs], data.other_msg_sequence)) {
      data.source.bytes = scanned->der;
      decoder.add_oddity(Severity::warning, "CMC-5272-3.2.1-01", "PKIData without all of its four sequences",
                         scanned->der);
      return data;
    }
  }
  decoder.drop_oddities(oddities);
  return std::nullopt;
}

}  // namespace cmcctl
