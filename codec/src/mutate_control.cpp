// Kind control: what CMC gives a meaning. Everything stays sound DER.
#include <algorithm>
#include <array>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/names.hpp>

#include "mutate_cmc.hpp"
#include "oids.hpp"

namespace cmcctl::mutation {
namespace {

bool any_control(const Element& element) { return is_control(element); }

std::string control_name(const Element& control) {
  const Oid oid{control.children[1].content};
  const ControlRow* const row = control_row(oid);
  return row != nullptr ? std::string(row->name) : to_string(oid);
}

Octets number(Edit& edit, std::int64_t value) { return edit.keep(integer_content(value)); }

// --- Body part ids
// ----------------------------------------------------------------------------------------------------

bool duplicate_body_part_id(Edit& edit) {
  const Place* const body = edit.pick([](const Element& element) { return is_pki_body(element); });
  if (body == nullptr) return false;
  const auto ids = body_part_ids(*body->element);
  if (ids.size() < 2) return false;
  const std::size_t a = edit.random.below(ids.size());
  const std::size_t b = (a + edit.random.between(1, ids.size() - 1)) % ids.size();
  edit.where = ids[b]->whole;
  set_content(*ids[b], ids[a]->content);
  return edit.done("bodyPartID becomes that of another part, " + to_string(Integer{ids[a]->content}));
}

bool change_body_part_id(Edit& edit) {
  static constexpr std::array<std::int64_t, 7> values{0, -1, 1, 2147483647, 2147483648, 4294967295, 4294967296};
  const Place* const body = edit.pick([](const Element& element) { return is_pki_body(element); });
  if (body == nullptr) return false;
  const auto ids = body_part_ids(*body->element);
  if (ids.empty()) return false;
  Element& id = *edit.random.of(ids);
  edit.where = id.whole;
  set_content(id, number(edit, edit.random.of(values)));
  return edit.done("bodyPartID becomes " + to_string(Integer{id.content}));
}

// --- Controls
// ---------------------------------------------------------------------------------------------------------

bool remove_control(Edit& edit) {
  Element* const control = edit.at(any_control);
  if (control == nullptr) return false;
  std::string what = "control " + control_name(*control) + " taken out";
  *control = nothing();
  return edit.done(std::move(what));
}

bool duplicate_control(Edit& edit) {
  Element* const control = edit.at(any_control);
  if (control == nullptr) return false;
  std::string what = "control " + control_name(*control) + " twice";
  Element copy = *control;
  if (edit.random.one_in(2)) {
    set_content(copy.children[0], number(edit, static_cast<std::int64_t>(edit.random.between(1000, 0xFFFFFFFF))));
    what += ", with another bodyPartID";
  }
  Element old = *control;
  *control = group({std::move(old), std::move(copy)});
  return edit.done(std::move(what));
}

bool swap_controls(Edit& edit) {
  Element* const body =
      edit.at([](const Element& element) { return is_pki_body(element) && element.children[0].children.size() >= 2; });
  if (body == nullptr) return false;
  auto& controls = body->children[0].children;
  const std::size_t a = edit.random.below(controls.size());
  const std::size_t b = (a + edit.random.between(1, controls.size() - 1)) % controls.size();
  std::swap(controls[a], controls[b]);
  return edit.done("controls " + control_name(controls[b]) + " and " + control_name(controls[a]) + " change places");
}

/// A value of about the type that the control table names, or of quite another one.
Element value_for(Edit& edit, std::string_view type) {
  Element number = made(edit, tlv::integer, boundary_integer(edit));
  if (edit.random.one_in(4)) return made(edit, tlv::null, Octets());
  if (type == "INTEGER" || type == "BodyPartID") return number;
  if (type == "UTF8String") return made(edit, tlv::utf8_string, edit.keep({'c', 'm', 'c'}));
  if (type == "BodyPartList" || type == "BodyPartPath") return made(edit, tlv::sequence, {number, number});
  if (type == "OCTET STRING") {
    Bytes content(edit.random.of(std::array<std::size_t, 4>{0, 16, 20, 64}));
    for (std::uint8_t& octet : content) octet = edit.random.octet();
    return made(edit, tlv::octet_string, edit.keep(std::move(content)));
  }
  // The others are SEQUENCEs: one that begins as a status, a reference or an algorithm does.
  Element oid =
      made(edit, tlv::sequence, {made(edit, tlv::oid, edit.keep(*oid_content(edit.random.of(control_rows()).oid)))});
  return made(edit, tlv::sequence, {edit.random.one_in(2) ? number : oid, made(edit, tlv::sequence, {number})});
}

std::string count_of_values(std::size_t count) {
  return count == 0 ? "without a value" : count == 1 ? "with one value" : "with " + std::to_string(count) + " values";
}

std::vector<Element> values_for(Edit& edit, std::string_view type) {
  static constexpr std::array<std::size_t, 5> counts{1, 1, 1, 0, 2};
  std::vector<Element> values(edit.random.of(counts));
  for (Element& value : values) value = value_for(edit, type);
  return values;
}

bool add_control(Edit& edit) {
  const Place* const body = edit.pick([](const Element& element) { return is_pki_body(element); });
  if (body == nullptr) return false;
  auto& controls = body->element->children[0].children;
  edit.where = body->element->children[0].whole;
  const ControlRow& row = edit.random.of(control_rows());
  const std::size_t id = edit.random.one_in(4) ? 0 : edit.random.between(1, 1000);
  auto values = values_for(edit, row.type);
  std::string what = "control " + std::string(row.name) + " added " + count_of_values(values.size());
  Element control =
      made(edit, tlv::sequence,
           {made(edit, tlv::integer, number(edit, static_cast<std::int64_t>(id))),
            made(edit, tlv::oid, edit.keep(*oid_content(row.oid))), made(edit, tlv::set, std::move(values))});
  const std::size_t at = edit.random.below(controls.size() + 1);
  controls.insert(controls.begin() + static_cast<std::ptrdiff_t>(at), std::move(control));
  return edit.done(std::move(what));
}

bool change_control_type(Edit& edit) {
  Element* const control = edit.at(any_control);
  if (control == nullptr) return false;
  std::string what = "attrType " + control_name(*control) + " becomes ";
  set_content(attr_type(*control), edit.keep(*oid_content(edit.random.of(control_rows()).oid)));
  return edit.done(what + control_name(*control));
}

bool make_control_unknown(Edit& edit) {
  static constexpr std::array<std::string_view, 5> unknown{"1.3.6.1.5.5.7.7.12", "1.3.6.1.5.5.7.7.99", "2.999.1",
                                                           "1.3.6.1.5.5.7.7.4294967296", "2.25.9223372036854775807"};
  Element* const control = edit.at(any_control);
  if (control == nullptr) return false;
  const std::string_view oid = edit.random.of(unknown);
  std::string what = "attrType " + control_name(*control) + " becomes unknown, " + std::string(oid);
  set_content(attr_type(*control), edit.keep(*oid_content(oid)));
  return edit.done(std::move(what));
}

bool change_values(Edit& edit) {
  Element* const control = edit.at(any_control);
  if (control == nullptr) return false;
  Element& values = attr_values(*control);
  const std::string what = "control " + control_name(*control) + ' ';
  switch (edit.random.below(4)) {
    case 0:
      set_content(values, {});
      return edit.done(what + "without a value");
    case 1: {
      if (values.children.empty()) return false;
      Element copy = values.children[0];
      values.children.push_back(std::move(copy));
      return edit.done(what + "with its value twice");
    }
    default: {
      const ControlRow* const row = control_row(Oid{attr_type(*control).content});
      auto others =
          values_for(edit, row != nullptr && edit.random.one_in(2) ? row->type : edit.random.of(control_rows()).type);
      const std::size_t count = others.size();
      set_content(values, {});
      values.parsed = true;
      values.children = std::move(others);
      return edit.done(what + count_of_values(count) + " of another kind");
    }
  }
}

// --- Statuses
// ---------------------------------------------------------------------------------------------------------

/// CMCStatusInfo or CMCStatusInfoV2 of some control, or null.
Element* pick_status_info(Edit& edit) {
  Element* const control = edit.at([](const Element& element) {
    const bool is_status = is_control(element, "statusInfo") || is_control(element, "statusInfoV2");
    if (!is_status || element.children[2].children.empty()) return false;
    const auto& parts = element.children[2].children[0].children;
    return parts.size() >= 2 && parts[0].is(tlv::integer);
  });
  return control == nullptr ? nullptr : &attr_values(*control).children[0];
}

std::int64_t odd_number(Edit& edit, std::span<const NamedNumber> names) {
  static constexpr std::array<std::int64_t, 7> odd{-1, 1, 14, 99, 255, 1000, 2147483648};
  return edit.random.one_in(2) ? edit.random.of(names).value : edit.random.of(odd);
}

std::string number_text(std::int64_t value, std::span<const NamedNumber> names) {
  const NamedNumber* const named = find_number(names, value);
  return std::to_string(value) + (named == nullptr ? "" : " (" + std::string(named->name) + ')');
}

bool change_status(Edit& edit) {
  Element* const info = pick_status_info(edit);
  if (info == nullptr) return false;
  const std::int64_t status = odd_number(edit, cmc_status_names());
  set_content(info->children[0], number(edit, status));
  return edit.done("cMCStatus becomes " + number_text(status, cmc_status_names()));
}

bool change_fail_info(Edit& edit) {
  Element* const info = pick_status_info(edit);
  if (info == nullptr) return false;
  const std::int64_t fail_info = odd_number(edit, cmc_fail_info_names());
  const bool has_one = info->children.size() > 2 && info->children.back().is(tlv::integer);
  if (!has_one) info->children.push_back(made(edit, tlv::integer, Octets()));
  set_content(info->children.back(), number(edit, fail_info));
  return edit.done(std::string("failInfo ") + (has_one ? "becomes " : "added: ") +
                   number_text(fail_info, cmc_fail_info_names()));
}

// --- Transactions
// -----------------------------------------------------------------------------------------------------

bool is_nonce(const Element& element) {
  return is_control(element, "senderNonce") || is_control(element, "recipientNonce");
}

bool remove_nonce(Edit& edit) {
  Element* const control = edit.at(is_nonce);
  if (control == nullptr) return false;
  std::string what = control_name(*control) + " taken out";
  *control = nothing();
  return edit.done(std::move(what));
}

bool change_nonce(Edit& edit) {
  Element* const control =
      edit.at([](const Element& element) { return is_nonce(element) && !element.children[2].children.empty(); });
  if (control == nullptr) return false;
  Element& nonce = attr_values(*control).children[0];
  Bytes content = contents_of(nonce);
  if (content.empty() || edit.random.one_in(3)) {
    content.push_back(edit.random.octet());
  } else if (edit.random.one_in(2)) {
    content.pop_back();
  } else {
    std::uint8_t& octet = edit.random.of(std::span(content));
    octet ^= static_cast<std::uint8_t>(edit.random.between(1, 255));
  }
  set_content(nonce, edit.keep(std::move(content)));
  return edit.done(control_name(*control) + " changed, now of " + std::to_string(nonce.content.size()) + " octets");
}

bool change_transaction_id(Edit& edit) {
  Element* const control = edit.at([](const Element& element) {
    return is_control(element, "transactionId") && !element.children[2].children.empty();
  });
  if (control == nullptr) return false;
  Element& id = attr_values(*control).children[0];
  set_content(id, boundary_integer(edit));
  return edit.done("transactionId becomes " + to_string(Integer{id.content}));
}

// --- Requests
// ---------------------------------------------------------------------------------------------------------

/// One of the elements of any reqSequence, or null.
const Place* pick_request(Edit& edit) {
  const auto all = edit.all();
  std::vector<const Place*> requests;
  for (const Place& place : all) {
    Element& list = *all[place.parent].element;
    Element& body = *all[all[place.parent].parent].element;
    if (is_pki_data(body) && &list == &body.children[1]) requests.push_back(&place);
  }
  return requests.empty() ? nullptr : edit.random.of(requests);
}

bool move_request(Edit& edit) {
  const auto all = edit.all();
  const Place* const place = pick_request(edit);
  if (place == nullptr) return false;
  std::vector<Element*> lists;
  for (const Place& other : all) {
    const bool inside = &other >= place && &other < all.data() + place->end;
    if (inside || !is_pki_body(*other.element)) continue;
    for (Element& list : other.element->children) lists.push_back(&list);
  }
  Element& target = *edit.random.of(lists);
  Element& request = edit.at(*place);
  Element moved = std::move(request);
  request = nothing();
  const std::size_t at = edit.random.below(target.children.size() + 1);
  target.children.insert(target.children.begin() + static_cast<std::ptrdiff_t>(at), std::move(moved));
  return edit.done("request moved to place " + std::to_string(at) + " of " +
                   (&target == all[place->parent].element ? "its own list" : "another list"));
}

bool repeat_request(Edit& edit) {
  const Place* const place = pick_request(edit);
  if (place == nullptr) return false;
  Element& request = edit.at(*place);
  Element one = std::move(request);
  request = group({one, one});
  return edit.done("request put there twice");
}

bool remove_request(Edit& edit) {
  const Place* const place = pick_request(edit);
  if (place == nullptr) return false;
  edit.at(*place) = nothing();
  return edit.done("request taken out");
}

// --- Messages in messages
// -----------------------------------------------------------------------------------------------

/// What stands around the PKIData of one message in cmsSequence: SignedData without signers.
class Nesting {
 public:
  explicit Nesting(Edit& edit)
      : content_type_(write(oid(edit, oids::id_cct_pki_data))), signed_data_(write(oid(edit, oids::id_signed_data))) {}

  /// `body` in the cmsSequence of a PKIData, that one in another, `levels` times.
  Bytes around(Octets body, std::size_t levels) const {
    BackwardWriter writer;
    for (std::size_t i = 0; i < levels; ++i) {
      writer.prepend(Octets(no_other_messages));
      writer.prepend(Octets(no_signers));
    }
    writer.prepend(body);
    constexpr std::size_t behind = sizeof no_other_messages + sizeof no_signers;
    for (std::size_t i = levels; i-- != 0;) level(writer, i * behind);
    return writer.take();
  }

 private:
  static constexpr std::uint8_t no_other_messages[]{tlv::sequence, 0};
  static constexpr std::uint8_t no_signers[]{tlv::set, 0};
  static constexpr std::uint8_t version_3[]{tlv::integer, 1, 3, tlv::set, 0};  // and no digestAlgorithms
  static constexpr std::uint8_t body_part_1[]{tlv::integer, 1, 1};
  static constexpr std::uint8_t no_controls_no_requests[]{tlv::sequence, 0, tlv::sequence, 0};

  static Element oid(Edit& edit, std::string_view dotted) {
    return made(edit, tlv::oid, edit.keep(*oid_content(dotted)));
  }

  /// Everything in front of the inner PKIData; `pki_data` marks the end of the outer one.
  void level(BackwardWriter& writer, std::size_t pki_data) const {
    constexpr std::uint8_t explicit_0 = 0xA0;
    const std::size_t content_info = pki_data + sizeof no_other_messages;
    const std::size_t e_content = content_info + sizeof no_signers;
    writer.wrap(tlv::octet_string, e_content);
    writer.wrap(explicit_0, e_content);
    writer.prepend(Octets(content_type_));
    writer.wrap(tlv::sequence, e_content);
    writer.prepend(Octets(version_3));
    writer.wrap(tlv::sequence, content_info);
    writer.wrap(explicit_0, content_info);
    writer.prepend(Octets(signed_data_));
    writer.wrap(tlv::sequence, content_info);
    writer.prepend(Octets(body_part_1));
    writer.wrap(tlv::sequence, content_info);
    writer.wrap(tlv::sequence, content_info);
    writer.prepend(Octets(no_controls_no_requests));
    writer.wrap(tlv::sequence, pki_data);
  }

  Bytes content_type_;
  Bytes signed_data_;
};

bool nest_messages(Edit& edit) {
  static constexpr std::array<std::size_t, 8> depths{1, 2, 3, 7, 8, 16, 100, 1000};
  constexpr std::size_t octets_per_level = 110;
  const std::size_t levels = edit.random.of(depths);
  if (levels * octets_per_level > edit.room) return false;
  Element* const body = edit.at([](const Element& element) { return is_pki_data(element); });
  if (body == nullptr) return false;
  const Bytes inner = write(*body);
  *body = nothing();
  body->content = edit.keep(Nesting(edit).around(Octets(inner), levels));
  return edit.done("PKIData inside the cmsSequence of another, " + std::to_string(levels) +
                   (levels == 1 ? " level" : " levels"));
}

constexpr Operation all_operations[]{
    {"duplicate-body-part-id", duplicate_body_part_id},
    {"change-body-part-id", change_body_part_id},
    {"remove-control", remove_control},
    {"duplicate-control", duplicate_control},
    {"swap-controls", swap_controls},
    {"add-control", add_control},
    {"change-control-type", change_control_type},
    {"make-control-unknown", make_control_unknown},
    {"change-values", change_values},
    {"change-status", change_status},
    {"change-fail-info", change_fail_info},
    {"remove-nonce", remove_nonce},
    {"change-nonce", change_nonce},
    {"change-transaction-id", change_transaction_id},
    {"move-request", move_request},
    {"repeat-request", repeat_request},
    {"remove-request", remove_request},
    {"nest-messages", nest_messages},
};

}  // namespace

std::span<const Operation> control_operations() { return all_operations; }

}  // namespace cmcctl::mutation
